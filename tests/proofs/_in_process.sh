# shellcheck shell=bash
# For proofs that drive the program's chain in their own process, as the tests do: servers, and the variables that say where
# they are. run_in_process PROGRAM [ARGUMENTS].

# shellcheck source=../../tools/servers.sh
source "$STUDIO_ROOT/tools/servers.sh"

run_in_process() {
    local binary=$STUDIO_PROGRAMS/$1 name
    shift
    [[ -x $binary ]] || fail "$binary is missing: the proof needs GoogleTest (./dev test installs it)."
    servers_start "$TAMITI_STATE_DIR" --fast >&2
    export TAMITI_TEST_APP_ROLE=tamiti_app TAMITI_TEST_REDIS_URL=$REDIS_URL TAMITI_TEST_DATABASE_URL
    TAMITI_TEST_DATABASE_URL="postgresql://tamiti_owner@/postgres?host=$(percent_encoded "$STUDIO_SOCKETS")"
    for name in $(compgen -e TAMITI_); do
        [[ $name == TAMITI_TEST_* || $name == TAMITI_STATE_DIR ]] || unset "$name"
    done
    unset DATABASE_URL DATABASE_OWNER_URL REDIS_URL TAMITI_STATE_DIR
    "$binary" --gtest_brief=1 "$@"
}
