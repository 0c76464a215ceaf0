# shellcheck shell=bash
# ./dev prove and ./dev bench: measurements on the program that people run, the release build.

# shellcheck source=servers.sh
source "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
# shellcheck source=build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"
# shellcheck source=node.sh
source "$(dirname "${BASH_SOURCE[0]}")/node.sh"

proofs=$root/tests/proofs

# prove_list: each proof with the first comment line of its source.
prove_list() {
    local file
    echo "Proofs, to run with ./dev prove NAME:"
    for file in "$proofs"/*; do
        prove_is_proof "$file" || continue
        printf '  %-24s %s\n' "$(basename "${file%.*}")" "$(prove_description "$file")"
    done
}

# A proof is NAME.sh, NAME.py or an executable NAME; what starts with "_" is shared by several. C++ sources are programs that
# proofs use: they are built before a proof runs, into the folder that it finds in STUDIO_PROGRAMS.
prove_is_proof() {
    [[ -f $1 ]] || return 1
    case $(basename "$1") in
        _*) return 1 ;;
        *.sh | *.py) return 0 ;;
        *.*) return 1 ;;
        *) [[ -x $1 ]] ;;
    esac
}

prove_description() {
    awk '!/^#!/ && !/shellcheck/ && match($0, /^(#|""")[ ]*[^ ]/) { sub(/^(#|""")[ ]*/, ""); sub(/"""$/, ""); print; exit }' "$1"
}

# prove NAME [ARGUMENTS]: gives it the release build in TAMITI_BIN and a fresh folder in TAMITI_STATE_DIR, which goes away with
# every server that was started there.
prove() {
    local name=$1 file='' candidate bin status=0
    shift
    for candidate in "$proofs/$name" "$proofs/$name".{sh,py}; do
        if [[ -f $candidate ]]; then file=$candidate && break; fi
    done
    prove_is_proof "$file" || fail "there is no proof named $name; ./dev prove lists them."
    packages_install build servers proof
    bin=$(program release)
    docs_viewer
    build_preset release proofs
    state=$(mktemp -d "/var/tmp/tamiti-proof-XXXXXX")
    chmod 711 "$state"
    trap prove_cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    export TAMITI_BIN=$bin TAMITI_STATE_DIR=$state STUDIO_ROOT=$root STUDIO_PROGRAMS=$root/build/release/tests/proofs
    export TAMITI_STATIC_DIR=$root/build/share
    case $file in
        *.sh) set -- bash "$file" "$@" ;;
        *.py) set -- /usr/bin/python3 "$file" "$@" ;; # Debian's own, which has Debian's h11
        *) set -- "$file" "$@" ;;
    esac
    setsid "$@" & # a group of its own, so that everything it started can be ended with it
    proof=$!
    wait "$proof" || status=$?
    proof=''
    return "$status"
}

prove_cleanup() {
    set +e # whatever fails, the rest must still stop
    trap '' INT TERM HUP
    if [[ -n ${proof-} ]]; then
        kill -- "-$proof" 2>/dev/null || true
        wait "$proof" 2>/dev/null || true
    fi
    servers_stop "$state"
    [[ ! -s $state/servers.home ]] || rm -rf -- "$(<"$state/servers.home")"
    rm -rf -- "$state"
}

# bench [ARGUMENTS]: bench/run.sh or bench/run.py starts its own servers and prints the table.
bench() {
    packages_install build servers bench
    local bin
    bin=$(program release)
    build_preset release all
    [[ ! -e $root/bench/CMakeLists.txt ]] || build_preset release bench/all
    export TAMITI_BIN=$bin STUDIO_ROOT=$root
    if [[ -f $root/bench/run.sh ]]; then exec bash "$root/bench/run.sh" "$@"; fi
    [[ -f $root/bench/run.py ]] || fail "there is no bench/run.sh or bench/run.py."
    exec python3 "$root/bench/run.py" "$@"
}
