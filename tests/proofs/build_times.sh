#!/usr/bin/env bash
# From scratch in under 12 minutes on 2 cores, after a change to one app's service.cpp in under 15 s, all tests in under 3 minutes.
set -euo pipefail
export CCACHE_DISABLE=1
build=$TAMITI_STATE_DIR/build

# seconds COMMAND …: how long it takes; its output goes to a log that is shown where it fails.
seconds() {
    local began=$EPOCHREALTIME
    "$@" >"$TAMITI_STATE_DIR/log" 2>&1 || { tail -n 40 "$TAMITI_STATE_DIR/log" >&2 && exit 1; }
    awk -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN { printf "%.1f", ended - began }'
}

echo "Building everything without a cache; this takes minutes." >&2
cmake -S "$STUDIO_ROOT" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
scratch=$(seconds ninja -C "$build" -j2 tamiti)
touch "$STUDIO_ROOT/src/apps/projects/service.cpp"
change=$(seconds ninja -C "$build" -j2 tamiti)
unset CCACHE_DISABLE TAMITI_BIN
echo "Building the tests, then running them." >&2
seconds "$STUDIO_ROOT/dev" test common >/dev/null
cmake --build "$STUDIO_ROOT/build/dev" --target tests >/dev/null
suite=$(seconds "$STUDIO_ROOT/dev" test)

echo "from scratch $scratch s (limit 720), after touching service.cpp $change s (limit 15), all tests $suite s (limit 180)"
awk -v a="$scratch" -v b="$change" -v c="$suite" 'BEGIN { exit !(a < 720 && b < 15 && c < 180) }'
