# shellcheck shell=bash
# ./dev check: one line for each check; all of them run even when one fails.

# shellcheck source=build.sh
source "$(dirname "${BASH_SOURCE[0]}")/build.sh"
# shellcheck source=node.sh
source "$(dirname "${BASH_SOURCE[0]}")/node.sh"
# shellcheck source=servers.sh
source "$(dirname "${BASH_SOURCE[0]}")/servers.sh"
# shellcheck source=console.sh
source "$(dirname "${BASH_SOURCE[0]}")/console.sh"

check_all() {
    packages_install build check test
    export PYTHONDONTWRITEBYTECODE=1
    check_out=$root/build/check
    check_failed=0
    mkdir -p "$check_out"
    cd "$root" || exit
    # A clone may belong to someone else, as in a container; naming it is enough for git to read it.
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=$root
    git rev-parse --git-dir >/dev/null 2>&1 || fail "$root is no git clone, so there is no saying which files to check."
    if [[ ${1-} == --tidy ]]; then check_named "static analysis" check_tidy; fi
    check_named format check_format
    check_named sizes python3 tools/sizes.py
    check_named dependencies python3 tools/dependencies.py
    check_named sql python3 tools/sql.py
    check_named forms python3 tools/forms.py
    check_named "headers alone" python3 tools/headers.py
    check_named shell check_shell
    check_named deploy python3 tools/deploy.py
    check_named links python3 tools/links.py
    check_named commits python3 tools/commits.py
    check_named console console_check
    check_named migrations check_migrations
    check_named snapshots check_snapshots
    check_named guides check_guides
    return "$check_failed"
}

# check_named NAME COMMAND...: its output is shown only when it fails, but for the last line, which counts what was looked at.
# Within a check a failing command does not end it (bash ignores `set -e` where a status is asked for): each says `|| return`.
check_named() {
    local name=$1 log start=$SECONDS words
    log=$check_out/${name// /-}.log
    shift
    if ("$@") >"$log" 2>&1; then
        words=$(tail -n 1 "$log")
        printf 'ok      %-16s %s\n' "$name" "${words:0:90} ($((SECONDS - start)) s)"
    else
        check_failed=1
        head -n 200 "$log"
        printf 'failed  %s\n' "$name"
    fi
}

# What git would commit and is there, by name: `check_files '*.cpp' '*.hpp'`.
check_files() {
    local file
    git ls-files -z --cached --others --exclude-standard -- "$@" | sort -zu | while IFS= read -rd '' file; do
        [[ ! -f $file ]] || printf '%s\0' "$file"
    done
}

# C++, but not the templates of ./dev new-app, which are C++ only once their names are put in.
sources=('*.cpp' '*.hpp' ':!tools/new-app')

check_format() {
    check_files "${sources[@]}" | xargs -0 -r clang-format-14 --dry-run -Werror 2>&1 |
        sed -n 's/:[0-9]*:[0-9]*: error: code should be.*/ is not formatted/p' | uniq || return
    echo "$(check_files "${sources[@]}" | tr -cd '\0' | wc -c) files; ./dev fmt formats"
}

check_shell() {
    local files
    mapfile -td '' files < <(check_files dev .ci/run '*.sh')
    shellcheck "${files[@]}" || return
    echo "${#files[@]} scripts"
}

check_tidy() {
    packages_install tidy
    build_configure dev "$root/build/dev"
    # The same commands less what only GCC knows.
    mkdir -p "$check_out/tidy"
    sed 's/ -fno-reorder-blocks-and-partition//' "$root/build/dev/compile_commands.json" >"$check_out/tidy/compile_commands.json"
    check_files 'src/*.cpp' | xargs -0 -r -n 1 -P "$(nproc)" clang-tidy-14 -p "$check_out/tidy" --quiet --warnings-as-errors='*'
}

# Locks that would stop a busy studio and steps that can't be undone; what is left out, and why, is in tools/squawk.toml.
check_migrations() {
    local files
    mapfile -td '' files < <(check_files 'src/*/migrations/*.sql')
    check_numbers "${files[@]}" || return
    ((${#files[@]})) || { echo "0 migrations" && return 0; }
    node_need || { echo "npm is missing: install the Debian packages nodejs and npm" && return 1; }
    node_install tools/node build/node/tools || { echo "squawk-cli could not be installed from npm" && return 1; }
    build/node/tools/node_modules/.bin/squawk --config tools/squawk.toml --pg-version 15 --reporter gcc "${files[@]}" || return
    echo "${#files[@]} migrations"
}

# check_numbers FILE...: 0001_words.sql, each number once in an app.
check_numbers() {
    local file twice
    for file in "$@"; do
        [[ $(basename "$file") =~ ^[0-9]{4}_[a-z0-9_]+\.sql$ ]] || { echo "$file: the name must be like 0001_words.sql" && return 1; }
    done
    twice=$(printf '%s\n' "$@" | sed 's/_[^/]*$//' | sort | uniq -d)
    [[ -z $twice ]] || { echo "two migrations have the number $twice" && return 1; }
}

# Every command of README and the guides, as written, against the demo studio.
check_guides() {
    local folder bin status=0
    packages_install servers proof || return
    bin=$(program dev) || return
    folder=$(mktemp -d /var/tmp/tamiti-guides-XXXXXX)
    chmod 711 "$folder"
    TAMITI_BIN=$bin TAMITI_STATE_DIR=$folder STUDIO_ROOT=$root /usr/bin/python3 tests/proofs/guides.py || status=$?
    servers_stop "$folder"
    [[ ! -s $folder/servers.home ]] || rm -rf -- "$(<"$folder/servers.home")"
    rm -rf -- "$folder"
    return "$status"
}

# --- snapshots --------------------------------------------------------------------------------------------------------

# What the program derives from the declarations, and the file that pins it: NAME COMMAND. The OpenAPI document has one for each app.
snapshots=(describe.txt:describe routes.txt:routes errors.txt:errors)

# snapshots_write FOLDER: what the program prints now, from defaults and not from the settings of this shell.
snapshots_write() {
    local pair bin
    bin=$(program dev) || return
    rm -rf "$1"
    mkdir -p "$1"
    for pair in "${snapshots[@]}"; do
        snapshots_ask "$bin" "${pair#*:}" >"$1/${pair%%:*}" || return 1
    done
    snapshots_ask "$bin" openapi --into "$1/openapi"
}

snapshots_ask() {
    env -i PATH="$PATH" HOME="${HOME-/}" LC_ALL=C.UTF-8 "$@" || { say "\`tamiti $2\` failed" >&2 && return 1; }
}

check_snapshots() {
    local fault=0
    snapshots_write "$check_out/snapshots" || return 1
    diff -ruN tests/snapshots "$check_out/snapshots" >"$check_out/snapshots.diff" || fault=1
    head -n 200 "$check_out/snapshots.diff"
    if ((fault)); then echo "If the change is meant: ./dev accept, and read the difference before committing it."; fi
    echo "$(find "$check_out/snapshots" -type f | wc -l) snapshots"
    return "$fault"
}

snapshots_accept() {
    packages_install build
    snapshots_write "$root/build/check/accepted" || fail "the snapshots stay as they were."
    rm -rf "$root/tests/snapshots"
    cp -r "$root/build/check/accepted" "$root/tests/snapshots"
    console_schema
    git -C "$root" --no-pager diff --stat -- tests/snapshots console/src/core/schema.d.ts || true
}

format_all() {
    packages_install check
    cd "$root" || exit
    check_files "${sources[@]}" | xargs -0 -r clang-format-14 -i
}
