#!/usr/bin/env bash
# The console on slow 4G and a slow phone: usable within 5 s, again within 2.5 s at 250 kbit/s; at most 80 kB at first, 30 a screen.
set -euo pipefail
# shellcheck source=../../tools/console.sh
source "$STUDIO_ROOT/tools/console.sh"
console_ready
exec node "$STUDIO_ROOT/console/tests/browser/speed.mjs" "$@"
