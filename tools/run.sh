# shellcheck shell=bash
# ./dev run: from a fresh machine to a studio that answers, and back again on Ctrl-C.

# shellcheck source=servers.sh
source "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
# shellcheck source=build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"
# shellcheck source=console.sh
source "$(dirname "${BASH_SOURCE[0]}")/console.sh"

run_studio() {
    run_settings
    run_lock
    run_stop_leftover
    run_ports
    packages_install build servers
    need_space "$state" 300 "Running the studio" "set TAMITI_STATE_DIR to a folder on another disk"
    local bin
    bin=$(program release)
    docs_viewer
    console_build
    umask 077 # logs and what else is written from here on
    export TAMITI_STATIC_DIR=${TAMITI_STATIC_DIR-$root/build/share}
    tamiti_pid='' own_postgres='' own_redis=''
    trap run_cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    run_servers
    run_prepare "$bin"
    run_program "$bin"
}

# What the program reads, with defaults for development; .env counts as in the program.
run_settings() {
    cd "$root" || exit
    read_dotenv .env
    export TAMITI_ENV=${TAMITI_ENV:-dev} TAMITI_HTTP_ADDRESS=${TAMITI_HTTP_ADDRESS:-127.0.0.1}
    export TAMITI_HTTP_PORT=${TAMITI_HTTP_PORT:-8000}
    run_port_number TAMITI_HTTP_PORT
    export TAMITI_OPS_PORT=${TAMITI_OPS_PORT:-$((TAMITI_HTTP_PORT + 1))}
    run_port_number TAMITI_OPS_PORT
    state=$(absolute "${TAMITI_STATE_DIR:-.local}")
    export TAMITI_STATE_DIR=$state
    mkdir -p "$state" || fail "the folder $state can't be made: choose another with TAMITI_STATE_DIR."
    run_close_state
}

# What the studio keeps is for its owner alone. Where PostgreSQL runs as an account of its own, that one passes through.
run_close_state() {
    local mode=700
    ((EUID != 0)) || mode=711
    [[ ! -O $state ]] || chmod "$mode" "$state"
    find "$state" -maxdepth 1 -type f -user "$EUID" -perm /077 -exec chmod go-rwx {} +
}

run_port_number() {
    if [[ ! ${!1} =~ ^[1-9][0-9]{0,4}$ ]] || ((${!1} > 65535)); then
        fail "$1 is ${!1}; it must be a port, a number from 1 to 65535."
    fi
}

# One ./dev run for each state folder. The lock goes with the process, however that ends.
run_lock() {
    exec {run_lock}>>"$state/run.lock"
    flock -n "$run_lock" || fail "another ./dev run (process $(<"$state/run.pid")) uses $state: stop it, or set" \
        "TAMITI_STATE_DIR and TAMITI_HTTP_PORT to run a second one beside it."
    echo $$ >"$state/run.pid"
}

# Ends a program whose ./dev was killed before it could do that itself.
run_stop_leftover() {
    local pid
    [[ -s $state/tamiti.pid ]] || return 0
    pid=$(<"$state/tamiti.pid")
    if [[ $pid =~ ^[0-9]+$ ]] && tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | grep -qxF "TAMITI_STATE_DIR=$state"; then
        say "Stopping the studio that an interrupted ./dev run left behind."
        run_end "$pid"
    fi
    rm -f "$state/tamiti.pid"
}

run_ports() {
    local name
    for name in TAMITI_HTTP_PORT TAMITI_OPS_PORT; do
        ! port_is_busy "${!name}" ||
            fail "port ${!name} is busy: stop what listens there, or choose another with $name, such as $name=$((${!name} + 10))."
    done
}

# Private servers for whatever the environment doesn't name.
run_servers() {
    if [[ -z ${DATABASE_URL-} ]]; then
        own_postgres=1
        postgres_start "$state"
    fi
    if [[ -z ${REDIS_URL-} ]]; then
        own_redis=1
        redis_start "$state"
    fi
}

# run_prepare BIN: migrates, and fills a new database with the demo studio.
run_prepare() {
    "$1" migrate >"$state/migrate.log" 2>&1 || {
        tail_of "$state/migrate.log"
        fail "the migrations could not be applied; the reason is above."
    }
    [[ $TAMITI_ENV == dev ]] || return 0
    local database
    database=$(psql -X -At "$DATABASE_URL" -c "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || oid
        FROM pg_database WHERE datname = current_database()") || fail "the database at DATABASE_URL does not answer."
    if grep -qsxF -- "$database" "$state/seeded"; then return 0; fi
    say "Loading the demo studio."
    "$1" seed --demo >"$state/seed.log" 2>&1 || {
        tail_of "$state/seed.log"
        fail "the demo studio could not be loaded; the reason is above."
    }
    printf '%s\n' "$database" >>"$state/seeded"
}

# run_program BIN: starts it in a session of its own, so that Ctrl-C reaches it once and through us, and stays until it ends.
run_program() {
    local log=$state/tamiti.log status=0
    [[ ! -s $log ]] || mv -f "$log" "$log.1"
    setsid "$1" run {run_lock}>&- >"$log" 2>&1 </dev/null &
    tamiti_pid=$!
    echo "$tamiti_pid" >"$state/tamiti.pid"
    run_await_ready "$log"
    run_greet "$log"
    stopping=''
    trap 'stopping=1; kill -TERM "$tamiti_pid" 2>/dev/null || true' INT TERM HUP
    while kill -0 "$tamiti_pid" 2>/dev/null; do
        status=0
        wait "$tamiti_pid" || status=$?
    done
    tamiti_pid=''
    [[ -z $stopping ]] || exit 0
    tail_of "$log"
    fail "the studio ended by itself with status $status; its last words are above and its log is $log."
}

run_await_ready() {
    local tries
    for ((tries = 0; tries < 600; tries++)); do
        kill -0 "$tamiti_pid" 2>/dev/null || break
        [[ $(http_status "$TAMITI_OPS_PORT" /health/ready) == 200 ]] && return 0
        sleep 0.05
    done
    tail_of "$1"
    fail "the studio did not become ready; its last words are above and its log is $1."
}

run_greet() {
    local host=$TAMITI_HTTP_ADDRESS
    case $host in 0.0.0.0 | ::) host=127.0.0.1 ;; *:*) host="[$host]" ;; esac
    local address=http://$host:$TAMITI_HTTP_PORT
    echo
    echo "  Tamiti Studio    $address"
    echo "  API reference    $address/api/docs"
    echo "  Health, metrics  http://$host:$TAMITI_OPS_PORT/health/ready  /metrics"
    echo "  Log              $1"
    if [[ $TAMITI_ENV == dev ]]; then
        echo "  Accounts         admin manager finance content digital field staff client"
        echo "  Password         studio-demo-2026"
    fi
    echo
    echo "  Ctrl-C stops it."
}

# run_end PID: asks, waits as long as a graceful stop may take, insists.
run_end() {
    kill -TERM "$1" 2>/dev/null || return 0
    wait_gone "$1" 40 || kill -KILL "$1" 2>/dev/null || true
}

# The program first, then what it needs.
run_cleanup() {
    set +e # whatever fails, the rest must still stop
    trap '' INT TERM HUP
    [[ -z $tamiti_pid ]] || run_end "$tamiti_pid"
    rm -f "$state/tamiti.pid" "$state/run.pid"
    [[ -z $own_redis ]] || redis_stop "$state"
    [[ -z $own_postgres ]] || postgres_stop "$state"
}

# run_addresses: where the servers of ./dev run are, unless the environment names others.
run_addresses() {
    local home
    home=$(servers_home "$state")
    if [[ -z ${DATABASE_URL-} ]]; then
        pid_in "$home/postgres" >/dev/null ||
            fail "no database runs under $state: start it with ./dev run in another terminal, or set DATABASE_URL."
        postgres_addresses "$home"
    fi
    if [[ -z ${REDIS_URL-} ]] && pid_in "$home/redis" >/dev/null; then redis_address "$home"; fi
}

# db_shell [PSQL'S ARGUMENTS]: psql as the owner, on the database of ./dev run or of DATABASE_OWNER_URL.
db_shell() {
    run_settings
    [[ -n ${DATABASE_OWNER_URL-} ]] || run_addresses
    packages_install servers
    exec psql "${DATABASE_OWNER_URL-$DATABASE_URL}" "$@"
}

# tamiti_command [ARGUMENTS]: the program that ./dev run runs, on its studio, in the folder it is called in.
tamiti_command() {
    local folder=$PWD bin
    run_settings
    run_addresses
    packages_install build
    bin=$(program release)
    cd "$folder" || exit
    exec "$bin" "$@"
}
