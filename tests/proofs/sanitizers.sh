#!/usr/bin/env bash
# Runs every suite under address and undefined-behaviour sanitizers and again under the thread sanitizer: 0 reports.
set -euo pipefail
unset TAMITI_BIN # each build is its own

# suite_under PRESET: runs it and leaves one line of figures in $figures; fails where a test or a sanitizer complains.
suite_under() {
    local log=$TAMITI_STATE_DIR/$1.log status=0 tests reports
    "$STUDIO_ROOT/dev" "$1" 2>&1 | tee "$log" || status=$?
    tests=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1 || true)
    reports=$(sed -n "s/^$1: \([0-9]*\) processes made sanitizer reports\.$/\1/p" "$log")
    figures+="$1: ${tests:-no test ran}, ${reports:-unknown} reports"$'\n'
    [[ $status == 0 && $tests == *' 0 failed, 0 skipped' && $reports == 0 ]]
}

figures='' status=0
for preset in asan tsan; do
    suite_under "$preset" || status=1
done
printf '\n%s' "$figures"
exit "$status"
