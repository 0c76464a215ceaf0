# shellcheck shell=bash
# For proofs that drive the program's chain in their own process, as the tests do: servers, and the variables that say where
# they are. run_in_process PROGRAM [ARGUMENTS]; start_in_process does all but run it.

# shellcheck source=../../tools/servers.sh
source "$STUDIO_ROOT/tools/servers.sh"

start_in_process() {
    local name
    servers_start "$TAMITI_STATE_DIR" --fast >&2
    export TAMITI_TEST_APP_ROLE=tamiti_app TAMITI_TEST_REDIS_URL=$REDIS_URL TAMITI_TEST_DATABASE_URL
    TAMITI_TEST_DATABASE_URL="postgresql://tamiti_owner@/postgres?host=$(percent_encoded "$STUDIO_SOCKETS")"
    for name in $(compgen -e TAMITI_); do
        [[ $name == TAMITI_TEST_* ]] || unset "$name"
    done
    unset DATABASE_URL DATABASE_OWNER_URL REDIS_URL
}

run_in_process() {
    local binary=$STUDIO_PROGRAMS/$1
    shift
    [[ -x $binary ]] || fail "$binary is missing: the proof needs GoogleTest (./dev test installs it)."
    start_in_process
    "$binary" --gtest_brief=1 "$@"
}
