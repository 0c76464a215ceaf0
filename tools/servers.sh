# shellcheck shell=bash
# A private PostgreSQL 15 and Redis on unix sockets, for ./dev run, the tests, the bench and the proofs.
#
#   source tools/servers.sh
#   servers_start DIR          starts both under DIR and exports DATABASE_URL (role tamiti_app), DATABASE_OWNER_URL
#                              (role tamiti_owner), REDIS_URL and the folder of the sockets, STUDIO_SOCKETS
#   servers_start DIR --fast   the same for data that nobody will miss: no fsync, and the owner may create databases
#   servers_stop DIR           stops what runs there: Redis, then PostgreSQL ("fast": open transactions roll back)
#   postgres_stop DIR immediate; postgres_start DIR      an outage, for proofs
#
# Data, sockets and logs lie in DIR/servers, or, where that can't be (as root PostgreSQL runs as user postgres, which must
# reach them; a socket's path has 107 bytes at most), in a folder in /var/tmp that DIR/servers.home names.
# Nothing listens on TCP. Whoever may enter the folder of the sockets is trusted, and only its owner and root may.

# shellcheck source=say.sh
source "$(dirname "${BASH_SOURCE[0]}")/say.sh"

postgres_programs=/usr/lib/postgresql/15/bin

servers_start() {
    local dir
    dir=$(absolute "$1")
    mkdir -p "$dir" || fail "the folder $dir can't be made: choose another with TAMITI_STATE_DIR."
    postgres_start "$dir" "${2-}"
    redis_start "$dir"
}

servers_stop() {
    [[ -d $1 ]] || return 0
    redis_stop "$1"
    postgres_stop "$1"
}

# --- where things are -------------------------------------------------------------------------------------------------

# servers_home DIR: the folder with data and sockets; chosen once, then remembered.
servers_home() {
    local dir home
    dir=$(absolute "$1")
    if [[ -s $dir/servers.home ]]; then
        home=$(<"$dir/servers.home")
        if [[ -d $home ]]; then
            echo "$home"
            return 0
        fi
    fi
    home=$dir/servers
    if ((${#home} + 28 > 107)) || ! servers_reachable "$dir"; then
        home=/var/tmp/tamiti-$(sha256sum <<<"$dir" | cut -c1-12)-$EUID
    fi
    echo "$home"
}

# servers_reachable DIR: can the account that PostgreSQL runs as get there?
servers_reachable() {
    ((EUID != 0)) && return 0
    mkdir -p "$1" && as_postgres test -x "$1"
}

# servers_make_home DIR: makes what servers_home names. A folder left in /var/tmp by a DIR that was deleted is emptied.
servers_make_home() {
    local dir=$1 home
    home=$(servers_home "$dir")
    if [[ ! -s $dir/servers.home && $home != "$dir"/* && -e $home ]]; then
        [[ -O $home && ! -L $home ]] || fail "$home belongs to someone else: set TAMITI_STATE_DIR to another folder."
        ! pid_in "$home/postgres" >/dev/null || postgres_stop "$dir"
        ! pid_in "$home/redis" >/dev/null || redis_stop "$dir"
        rm -rf -- "$home"
    fi
    [[ -d $home ]] || mkdir -m 711 "$home" || fail "$home can't be made; is the disk full or read-only?"
    mkdir -p "$home/sockets" "$home/redis"
    chmod 700 "$home/sockets" "$home/redis"
    ((EUID != 0)) || chown postgres: "$home/sockets"
    printf '%s\n' "$home" >"$dir/servers.home"
}

# as_postgres COMMAND...: PostgreSQL refuses to run as root.
as_postgres() {
    if ((EUID == 0)); then
        (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$@")
    else
        "$@"
    fi
}

# pid_in FOLDER: the process whose working folder it is: that server, and never another that got the number of a dead one.
pid_in() {
    local file pid
    for file in "$1/postmaster.pid" "$1/redis.pid"; do
        [[ -s $file ]] || continue
        read -r pid <"$file" || true
        if [[ $pid =~ ^[0-9]+$ && $(readlink "/proc/$pid/cwd") == "$1" ]]; then
            echo "$pid"
            return 0
        fi
    done
    return 1
}

# wait_gone PID SECONDS: false when it is still there after that.
wait_gone() {
    local tries
    for ((tries = 0; tries < $2 * 20; tries++)); do
        # A process that ended but is not yet reaped counts as gone.
        [[ -d /proc/$1 && $(awk '/^State/ { print $2 }' "/proc/$1/status" 2>/dev/null) != Z ]] || return 0
        sleep 0.05
    done
    return 1
}

# --- PostgreSQL -------------------------------------------------------------------------------------------------------

postgres_start() {
    local dir home data
    dir=$(absolute "$1")
    [[ -x $postgres_programs/postgres ]] || fail "PostgreSQL 15 is missing: ./dev run installs it (apt-get install postgresql-15)."
    servers_make_home "$dir"
    home=$(servers_home "$dir") data=$home/postgres
    [[ -d $data ]] || postgres_create "$dir" "$home" "${2-}"
    if ! pid_in "$data" >/dev/null; then
        as_postgres rm -f "$data/postmaster.pid" # left by a crash: pid_in has just shown that no server of ours has it
        postgres_launch "$dir" "$home" "${2-}"
    fi
    postgres_await "$dir" "$home"
    [[ -e $home/prepared ]] || postgres_prepare "$dir" "$home" "${2-}"
    postgres_addresses "$home"
}

# postgres_addresses HOME: where the server is, for the program and for its owner.
postgres_addresses() {
    local query
    query="host=$(percent_encoded "$1/sockets")"
    export STUDIO_SOCKETS=$1/sockets
    export DATABASE_URL="postgresql://tamiti_app@/tamiti?$query"
    export DATABASE_OWNER_URL="postgresql://tamiti_owner@/tamiti?$query"
}

# postgres_create DIR HOME: a cluster with checksums, made beside its place and moved there when complete.
postgres_create() {
    local fresh=$2/postgres.new options=(--data-checksums)
    [[ $3 != --fast ]] || options=(--no-sync)
    need_space "$2" 200 "A new PostgreSQL cluster" "set TAMITI_STATE_DIR to a folder on another disk"
    rm -rf -- "$fresh"
    mkdir -m 700 "$fresh"
    ((EUID != 0)) || chown postgres: "$fresh"
    as_postgres "$postgres_programs/initdb" -D "$fresh" "${options[@]}" --username=postgres --auth-local=trust \
        --auth-host=reject --encoding=UTF8 --locale=C.UTF-8 >"$1/initdb.log" 2>&1 || {
        tail_of "$1/initdb.log"
        fail "PostgreSQL could not make its cluster in $2; the reason is above."
    }
    mv -- "$fresh" "$2/postgres"
}

# postgres_launch DIR HOME: in a session of its own, so that Ctrl-C in the terminal reaches only ./dev.
postgres_launch() {
    local settings=(-c listen_addresses= -c unix_socket_directories="$2/sockets" -c unix_socket_permissions=0777
        -c max_connections=200 -c timezone=UTC -c log_timezone=UTC -c lc_messages=C)
    [[ $3 != --fast ]] || settings+=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=4GB
        -c autovacuum=off)
    (
        close_other_files
        cd /
        # Otherwise glibc keeps up to 20 MB of each backend that one large plan has needed once.
        export MALLOC_TRIM_THRESHOLD_=524288
        # Not as_postgres, which would leave a shell in between.
        program=("$postgres_programs/postgres" -D "$2/postgres" "${settings[@]}")
        ((EUID != 0)) || program=(setpriv --reuid=postgres --regid=postgres --init-groups -- "${program[@]}")
        exec setsid "${program[@]}"
    ) </dev/null >>"$1/postgres.log" 2>&1 &
    disown
}

# postgres_await DIR HOME: until it accepts connections; after a crash it first replays its log, which may take a while.
postgres_await() {
    local tries
    for ((tries = 0; tries < 2400; tries++)); do
        "$postgres_programs/pg_isready" -q -h "$2/sockets" && return 0
        if ((tries > 100)) && ! pid_in "$2/postgres" >/dev/null; then break; fi
        sleep 0.05
    done
    tail_of "$1/postgres.log"
    fail "PostgreSQL did not start; its last words are above and its log is $1/postgres.log."
}

# postgres_prepare DIR HOME: the two roles and the database. The owner runs migrations; the program may only use what they made.
postgres_prepare() {
    local may=NOCREATEDB
    [[ ${3-} != --fast ]] || may=CREATEDB
    postgres_sql "$2" postgres >"$1/prepare.log" 2>&1 <<SQL || {
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY['tamiti_owner', 'tamiti_app']) name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE tamiti_owner $may;
SELECT 'CREATE DATABASE tamiti OWNER tamiti_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'tamiti') \gexec
SQL
        tail_of "$1/prepare.log"
        fail "the roles and the database could not be made; the reason is above."
    }
    : >"$2/prepared"
}

# postgres_sql HOME DATABASE: standard input as SQL, as superuser.
postgres_sql() {
    psql -X -q -v ON_ERROR_STOP=1 -h "$1/sockets" -U postgres -d "$2"
}

# postgres_stop DIR [fast|immediate]
postgres_stop() {
    local home pid
    home=$(servers_home "$1")
    pid=$(pid_in "$home/postgres") || return 0
    if [[ ${2-fast} == immediate ]]; then kill -QUIT "$pid" || true; else kill -INT "$pid" || true; fi
    wait_gone "$pid" 60 && return 0
    say "PostgreSQL takes longer than a minute to stop; ending it the hard way, it will recover at its next start."
    kill -QUIT "$pid" || true
    wait_gone "$pid" 10 || kill -KILL "$pid" || true
}

# --- Redis ------------------------------------------------------------------------------------------------------------

redis_start() {
    local dir home socket tries
    dir=$(absolute "$1")
    have redis-server || fail "Redis is missing: ./dev run installs it (apt-get install redis-server)."
    servers_make_home "$dir"
    home=$(servers_home "$dir") socket=$home/sockets/redis.sock
    redis_address "$home"
    if ! pid_in "$home/redis" >/dev/null; then
        rm -f "$home/redis/redis.pid" "$socket"
        (
            close_other_files
            exec setsid redis-server --port 0 --unixsocket "$socket" --unixsocketperm 700 --dir "$home/redis" \
                --pidfile "$home/redis/redis.pid" --save '' --appendonly no --daemonize no
        ) </dev/null >>"$dir/redis.log" 2>&1 &
        disown
    fi
    for ((tries = 0; tries < 200; tries++)); do
        [[ $(redis-cli -s "$socket" ping 2>/dev/null) == PONG ]] && return 0
        sleep 0.05
    done
    tail_of "$dir/redis.log"
    fail "Redis did not start; its last words are above."
}

# redis_address HOME: where the server is.
redis_address() { export REDIS_URL=unix://$1/sockets/redis.sock STUDIO_SOCKETS=$1/sockets; }

redis_stop() {
    local home pid
    home=$(servers_home "$1")
    pid=$(pid_in "$home/redis") || return 0
    kill -TERM "$pid" || true
    wait_gone "$pid" 5 || kill -KILL "$pid" || true
}

# percent_encoded TEXT: for a part of a URL.
percent_encoded() {
    local text=$1 out='' index character
    local LC_ALL=C
    for ((index = 0; index < ${#text}; index++)); do
        character=${text:index:1}
        case $character in
            [A-Za-z0-9./_~-]) out+=$character ;;
            *) out+=$(printf '%%%02X' "'$character") ;;
        esac
    done
    echo "$out"
}
