# shellcheck shell=bash
# Runs the test programs of a preset against servers of their own.

# shellcheck source=servers.sh
source "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
# shellcheck source=packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"
# shellcheck source=build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"

# test_suite PRESET [APP]: everything, or one app's program ("core" and "journeys" count as apps here).
test_suite() {
    local preset=$1 app=${2-} programs=() status=0
    packages_install build servers test
    if [[ -n $app ]]; then
        [[ -n $(test_sources "$app") ]] || fail "there are no tests for $app; there are some for: $(test_apps)."
        programs=("$(test_program "$app")")
        build_preset "$preset" "${programs[@]}"
    else
        build_preset "$preset" tests
        mapfile -t programs < <(test_programs)
    fi
    test_state "$preset"
    postgres_start "$state" --fast
    redis_start "$state"
    test_environment
    test_run "$root/build/$preset" "${programs[@]}" || status=$?
    trap - EXIT INT TERM HUP
    test_stop
    return "$status"
}

# What an app's program is called and where its sources are; tests/CMakeLists.txt says the same.
test_program() { case $1 in core) echo core_tests ;; journeys) echo journey_tests ;; *) echo "${1}_tests" ;; esac; }
test_sources() {
    case $1 in
        *[!a-z0-9_]*) ;;
        core | journeys) find "$root/tests/$1" -name '*_test.cpp' 2>/dev/null ;;
        *) find "$root/src/apps/$1" -maxdepth 1 -name app.cpp 2>/dev/null ;; # its authorization matrix at least
    esac
}

# test_apps: the names that `./dev test` takes, in one line.
test_apps() {
    local app found=()
    for app in core journeys "$root"/src/apps/*/; do
        app=$(basename "$app")
        [[ -z $(test_sources "$app") ]] || found+=("$app")
    done
    echo "${found[*]}"
}

test_programs() {
    local app
    for app in $(test_apps); do test_program "$app"; done
}

# test_state NAME: a folder for the servers that goes away with them; in memory where there is room for it.
test_state() {
    local parent=/var/tmp
    if [[ -w /dev/shm ]] && (($(free_megabytes /dev/shm) > 2000)); then parent=/dev/shm; fi
    state=$(mktemp -d "$parent/tamiti-$1-XXXXXX")
    chmod 711 "$state"
    trap test_stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

test_stop() {
    set +e # whatever fails, the rest must still stop
    trap '' INT TERM HUP
    if [[ -n ${suite-} ]]; then
        kill "$suite" 2>/dev/null || true
        wait "$suite" 2>/dev/null || true
    fi
    redis_stop "$state"
    postgres_stop "$state" immediate
    [[ ! -s $state/servers.home ]] || rm -rf -- "$(<"$state/servers.home")"
    rm -rf -- "$state"
}

# The tests make databases of their own, each from a template that a test program migrates once. They see no settings but these.
test_environment() {
    local name sockets=$STUDIO_SOCKETS redis=$REDIS_URL
    for name in $(compgen -e TAMITI_); do
        [[ $name == TAMITI_TEST_* ]] || unset "$name"
    done
    unset DATABASE_URL DATABASE_OWNER_URL REDIS_URL
    export TAMITI_TEST_DATABASE_URL TAMITI_TEST_APP_ROLE=tamiti_app TAMITI_TEST_REDIS_URL=$redis
    TAMITI_TEST_DATABASE_URL="postgresql://tamiti_owner@/postgres?host=$(percent_encoded "$sockets")"
}

# test_run FOLDER PROGRAM...: in the background, so that a signal finds us waiting and not deaf.
test_run() {
    local folder=$1 status=0
    shift
    python3 "$root/tools/run_tests.py" --results "$folder/test-results" "${@/#/$folder/tests/}" &
    suite=$!
    wait "$suite" || status=$?
    suite=''
    return "$status"
}

# test_sanitized PRESET: the whole suite under sanitizers; every report fails it, also one that no test noticed.
test_sanitized() {
    local preset=$1 reports=$root/build/$1/reports status=0 count
    rm -rf "$reports"
    mkdir -p "$reports"
    export ASAN_OPTIONS="log_path=$reports/asan:strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1"
    export UBSAN_OPTIONS="log_path=$reports/ubsan:print_stacktrace=1"
    export TSAN_OPTIONS="log_path=$reports/tsan:second_deadlock_stack=1:suppressions=$root/tools/tsan.supp"
    export LSAN_OPTIONS="suppressions=$root/tools/lsan.supp"
    # GCC 12's thread sanitizer knows no kernel that spreads its mappings over 32 bits.
    [[ $preset != tsan ]] || export TAMITI_TEST_WRAPPER='setarch -R'
    test_suite "$preset" || status=$?
    count=$(find "$reports" -type f -size +0 | wc -l)
    ((count == 0)) || find "$reports" -type f -size +0 -exec tail -n +1 {} + | head -n 200 >&2
    say "$preset: $count processes made sanitizer reports."
    ((count == 0 && status == 0))
}

# test_fuzz [TARGET] [SECONDS]: each libFuzzer target from its corpus; a crash leaves its input in build/fuzz/crashes.
test_fuzz() {
    local only='' seconds=60 target count=0 failed=0
    if [[ ${1-} =~ ^[0-9]+$ ]]; then seconds=$1; else only=${1-} seconds=${2-60}; fi
    packages_install build fuzz
    [[ -n $(find "$root/tests/fuzz" -name '*.cpp') ]] || fail "there are no fuzz targets in tests/fuzz."
    build_preset fuzz fuzzers
    for target in "$root"/build/fuzz/tests/fuzz/*; do
        [[ -f $target && -x $target && (-z $only || $(basename "$target") == "$only") ]] || continue
        count=$((count + 1))
        fuzz_one "$target" "$seconds" || failed=1
    done
    ((count)) || fail "there is no fuzz target named $only; see build/fuzz/tests/fuzz."
    return "$failed"
}

# fuzz_one PROGRAM SECONDS: new inputs go to build/fuzz/found, the checked-in corpus stays as it is.
fuzz_one() {
    local name found corpus log status=0
    name=$(basename "$1") found=$root/build/fuzz/found/$name corpus=$root/tests/fuzz/corpus/$name
    log=$root/build/fuzz/$name.log
    mkdir -p "$found" "$root/build/fuzz/crashes"
    [[ -d $corpus ]] || corpus=''
    ASAN_OPTIONS=detect_leaks=1 "$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$root/build/fuzz/crashes/$name-" "$found" ${corpus:+"$corpus"} >"$log" 2>&1 || status=$?
    if ((status)); then
        tail_of "$log" 40
        say "failed  $name: its input is in build/fuzz/crashes, the log in $log"
    else
        say "ok      $name: $(awk '/number_of_executed_units/ { print $2 }' "$log") inputs in $2 s, no crash"
    fi
    return "$status"
}
