#!/usr/bin/env bash
# The authorization matrix over 1,100 operations of generated resources takes less than 60 s on two cores.
set -euo pipefail
# shellcheck source=_in_process.sh
source "$STUDIO_ROOT/tests/proofs/_in_process.sh"
shards=${1:-2}
most_seconds=60
least_operations=1100
logs=$TAMITI_STATE_DIR
export MATRIX_COUNTS=$logs/counts
mkdir -p "$MATRIX_COUNTS"

# The shards are processes with databases of their own; the first to come makes what both copy.
began=$(date +%s%N)
start_in_process
export GTEST_TOTAL_SHARDS=$shards
running=()
for ((shard = 0; shard < shards; ++shard)); do
    GTEST_SHARD_INDEX=$shard "$STUDIO_PROGRAMS/matrix" --gtest_brief=1 >"$logs/shard-$shard" 2>&1 &
    running+=($!)
done
status=0
for process in "${running[@]}"; do wait "$process" || status=1; done
((status == 0)) || tail -n 40 "$logs"/shard-*
milliseconds=$((($(date +%s%N) - began) / 1000000))
read -r operations cells < <(awk '{ operations += $1; cells += $2 } END { print operations, cells }' "$MATRIX_COUNTS"/*)
echo "matrix: $operations operations, $cells cells in $((milliseconds / 1000)).$((milliseconds % 1000 / 100)) s by $shards processes"
((status == 0 && operations >= least_operations && milliseconds < most_seconds * 1000))
