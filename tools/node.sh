# shellcheck shell=bash
# What comes from npm: exact versions from tools/node/package-lock.json, put into build/node, no install scripts run.

# shellcheck source=packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

# node_ready: is there a node of at least version 18, with npm?
node_ready() { have npm && have node && node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null; }

# node_need: installs Debian's node and npm where there is none; false when that can't be had.
node_need() { node_ready || { packages_try node && node_ready; }; }

# node_install SOURCE TARGET [npm's options]: what SOURCE/package-lock.json lists, into TARGET, unless it is there already.
# Not by `npm ci`, which refuses a lock that lacks the binaries of other platforms; the versions are the lock's all the same.
node_install() {
    local source=$1 target=$2 wanted
    shift 2
    wanted="$(sha256sum <"$source/package-lock.json") $*"
    [[ -f $target/.installed && $(<"$target/.installed") == "$wanted" ]] && return 0
    say "Fetching npm packages for $(basename "$target")."
    mkdir -p "$target"
    cp "$source"/package.json "$source"/package-lock.json "$source"/.npmrc "$target/"
    (cd "$target" && npm install "$@") >"$target/npm.log" 2>&1 || {
        tail_of "$target/npm.log"
        return 1
    }
    printf '%s' "$wanted" >"$target/.installed"
}

# docs_viewer: the files of /api/docs, into build/share/docs. The build works without npm: then the page says what to install.
docs_viewer() {
    local share=$root/build/share/docs file
    mkdir -p "$share"
    if node_need && node_install "$root/tools/node" "$root/build/node/viewer" --omit=dev; then
        local package=$root/build/node/viewer/node_modules/swagger-ui-dist
        for file in swagger-ui-bundle.js swagger-ui.css favicon-32x32.png LICENSE; do
            docs_copy "$package/$file" "$share/$file"
        done
        docs_copy "$root/tools/docs/start.js" "$share/start.js"
    else
        say "The API reference at /api/docs has no viewer: install the Debian packages nodejs and npm and run this again."
    fi
}

docs_copy() { cmp -s "$1" "$2" || cp "$1" "$2"; }
