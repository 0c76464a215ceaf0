# shellcheck shell=bash
# The web console: its packages, its build into build/share/console, and its server with hot reload.

# shellcheck source=node.sh
source "$(dirname "${BASH_SOURCE[0]}")/node.sh"
# shellcheck source=test.sh
source "$(dirname "${BASH_SOURCE[0]}")/test.sh"

# console_install: what console/package-lock.json lists, into console/node_modules, unless it is there already; no install scripts run.
console_install() {
    local stamp=$root/console/node_modules/.tamiti-installed wanted
    wanted=$(sha256sum <"$root/console/package-lock.json")
    [[ -f $stamp && $(<"$stamp") == "$wanted" ]] && return 0
    need_space "$root/console" 400 "Fetching the console's packages"
    say "Fetching npm packages for the console."
    mkdir -p "$root/build"
    (cd "$root/console" && npm ci --ignore-scripts) >"$root/build/console-npm.log" 2>&1 || {
        tail_of "$root/build/console-npm.log"
        return 1
    }
    printf '%s' "$wanted" >"$stamp"
}

# console_build: builds it where a source is newer than what was built. The program runs without it: then its page says what to install.
console_build() {
    local log=$root/build/console.log
    if ! node_need || ! console_install; then
        say "The console is not built: install the Debian packages nodejs and npm and run this again."
        return 0
    fi
    console_is_stale || return 0
    say "Building the console."
    (cd "$root/console" && npx --no-install vite build) >"$log" 2>&1 || {
        tail_of "$log" 30
        fail "the console could not be built; the reason is above."
    }
}

console_is_stale() {
    local built=$root/build/share/console/index.html
    [[ ! -e $built ]] || [[ -n $(find "$root/console" -name node_modules -prune -o -newer "$built" -type f -print -quit) ]]
}

# console_serve: hot reload against the studio of ./dev run; TAMITI_CONSOLE_PORT (5173) is where.
console_serve() {
    read_dotenv "$root/.env"
    node_need || fail "the console needs Node 18 or newer: install the Debian packages nodejs and npm."
    console_install || fail "the console's packages could not be fetched; the reason is above."
    local studio=http://127.0.0.1:${TAMITI_HTTP_PORT:-8000}
    port_is_busy "${TAMITI_HTTP_PORT:-8000}" || fail "no studio answers at $studio: start it with ./dev run in another terminal."
    cd "$root/console" || exit
    TAMITI_STUDIO=$studio exec npx --no-install vite --host 127.0.0.1 --port "${TAMITI_CONSOLE_PORT:-5173}" --strictPort
}

# console_schema: the types of requests, made of the API's document as the snapshots have it.
console_schema() {
    node_need || { say "The console's types of the API stay as they were: install the Debian package nodejs." && return 0; }
    node "$root/console/tools/schema.mjs"
}

# console_check: types, unused code and what the compiler says of access for everybody.
console_check() {
    node_need || { echo "npm is missing: install the Debian packages nodejs and npm" && return 1; }
    console_install || return
    node "$root/console/tools/schema.mjs" --check || return
    (cd "$root/console" && npx --no-install svelte-check --tsconfig ./tsconfig.json --fail-on-warnings --output machine)
}

# console_test [WORDS]: builds it, within its budget of bytes, runs the unit tests of its core and then people's ways through it in Chromium;
# with words only the browser's tests whose names have them.
console_test() {
    local status=0
    console_ready
    (($#)) || (cd "$root/console" && npx --no-install vitest run) || status=1
    local bin
    bin=$(program dev)
    test_state console
    TAMITI_BIN=$bin TAMITI_STATE_DIR=$state node "$root/console/tests/browser/run.mjs" "$@" &
    suite=$!
    wait "$suite" || status=$?
    suite=''
    trap - EXIT INT TERM HUP
    test_stop
    return "$status"
}

# console_ready: what its tests and proofs need: the packages, Chromium and the console as it is built.
console_ready() {
    node_need || fail "the console needs Node 18 or newer: install the Debian packages nodejs and npm."
    console_install || fail "the console's packages could not be fetched; the reason is above."
    packages_install build servers browser
    console_build
}
