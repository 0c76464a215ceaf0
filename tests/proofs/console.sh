#!/usr/bin/env bash
# Every screen of the console for every role, light and dark, on a desk and a phone, in two languages and at 200 % text: no finding.
set -euo pipefail
# shellcheck source=../../tools/console.sh
source "$STUDIO_ROOT/tools/console.sh"
console_ready
exec node "$STUDIO_ROOT/console/tests/browser/run.mjs" --all "$@"
