# shellcheck shell=bash
# Configures and builds one preset of CMakePresets.json.

# shellcheck source=say.sh
source "$(dirname "${BASH_SOURCE[0]}")/say.sh"

# build_preset PRESET TARGET...: one builder at a time for each preset; progress on standard error.
build_preset() {
    local preset=$1
    shift
    local folder=$root/build/$preset
    mkdir -p "$folder"
    [[ -e $folder/build.ninja ]] || need_space "$folder" 2000 "Building"
    exec {build_lock}>"$folder/.dev-lock"
    flock -n "$build_lock" || {
        say "Another ./dev is building $preset; waiting for it."
        flock "$build_lock"
    }
    build_configure "$preset" "$folder"
    build_ninja "$folder" "$@"
    exec {build_lock}>&-
}

# build_configure PRESET FOLDER: only the first time, or when the presets changed; ninja itself sees to the rest.
build_configure() {
    [[ -e $2/build.ninja && $2/build.ninja -nt $root/CMakePresets.json ]] && return 0
    say "Configuring $1."
    (cd "$root" && cmake --preset "$1") >"$2/configure.log" 2>&1 || {
        tail_of "$2/configure.log" 30
        fail "CMake could not configure $1; the reason is above."
    }
}

# build_ninja FOLDER TARGET...: a progress line that is overwritten on a terminal and one line per tenth elsewhere.
build_ninja() {
    local folder=$1
    shift
    local -x NINJA_STATUS='[%p %f/%t, %es] '
    if [[ -t 2 ]]; then
        ninja -C "$folder" -j "$(build_jobs)" "$@" >&2 || fail "the build failed; the first error is above."
    else
        ninja -C "$folder" -j "$(build_jobs)" "$@" 2>&1 | build_progress >&2 || fail "the build failed; the first error is above."
    fi
}

# build_progress: ninja's lines, thinned; what is not a status line (a warning, an error) passes.
build_progress() {
    local line tenth=-1 now
    while IFS= read -r line; do
        [[ ! $line =~ Re-checking\ globbed|^ninja:\ no\ work|^--\  ]] || continue
        if [[ $line =~ ^\[\ *([0-9]+)%\  ]]; then
            now=$((BASH_REMATCH[1] / 10))
            if ((now > tenth)); then printf '%s\n' "$line" && tenth=$now; fi
        elif [[ $line != "ninja: Entering directory"* ]]; then
            printf '%s\n' "$line"
        fi
    done
}

# build_jobs: as many as there are cores, fewer where memory is short: a large source takes 1.5 GB.
build_jobs() {
    local cores memory
    cores=$(nproc)
    memory=$(awk '/^MemAvailable/ { print int($2 / 1500000) }' /proc/meminfo)
    ((memory < 1)) && memory=1
    echo $((cores < memory ? cores : memory))
}

# program PRESET: the path of a built `tamiti`; TAMITI_BIN names another to use instead of building.
program() {
    if [[ -n ${TAMITI_BIN-} ]]; then
        [[ -x $TAMITI_BIN ]] || fail "TAMITI_BIN names $TAMITI_BIN, which is not a program: correct it or unset it."
        absolute "$TAMITI_BIN"
        return 0
    fi
    build_preset "$1" tamiti
    echo "$root/build/$1/tamiti"
}
