#!/usr/bin/env bash
# Sessions agree with a small model in 5,000 random sequences, and 200 races of 64 refreshes leave one lineage each.
set -euo pipefail
# shellcheck source=_in_process.sh
source "$STUDIO_ROOT/tests/proofs/_in_process.sh"
export STUDIO_SEQUENCES=${1:-5000} STUDIO_RACES=${2:-200}
run_in_process sign_in_model
