#!/usr/bin/env bash
# Asks every operation as every kind of actor about every kind of row, and sends every column name to every writable endpoint.
set -euo pipefail
unset TAMITI_BIN # the tests are a build of their own
export GTEST_FILTER='AuthorizationMatrix.*:MassAssignment.*'
status=0
"$STUDIO_ROOT/dev" test || status=$?
grep -hE '^(authorization matrix of [a-z_]+: [0-9]+ cells|[0-9]+ requests with up to [0-9]+ names each)$' \
    "$STUDIO_ROOT"/build/dev/test-results/*_tests.log || status=1
exit "$status"
