#!/usr/bin/env bash
# Log in, register, reset, resend and invite answer the same bytes in the same time for every kind of account.
set -euo pipefail
# shellcheck source=_in_process.sh
source "$STUDIO_ROOT/tests/proofs/_in_process.sh"
export STUDIO_TRIES=${1:-500}
run_in_process account_enumeration
