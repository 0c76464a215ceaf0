#!/usr/bin/env bash
# On a Debian 12 that has nothing: ./dev run, real work over the API by curl, a second ./dev run in seconds, ./dev test.
#
# The Debian is a chroot made by debootstrap with this machine's package sources, or a copy of the one that
# TAMITI_PROOF_DEBIAN names. Needs root. Takes as long as two builds from scratch.
set -euo pipefail
port=${TAMITI_PROOF_PORT:-18620}
debian=$TAMITI_STATE_DIR/debian
api=http://127.0.0.1:$port/api/v1
studio=''

refuse() {
    echo "not proven: $*" >&2
    exit 1
}

((EUID == 0)) || refuse "a chroot can be made by root only"
[[ -n ${TAMITI_PROOF_DEBIAN-} ]] || command -v debootstrap >/dev/null ||
    refuse "debootstrap is missing: apt-get install debootstrap"

# --- the machine ------------------------------------------------------------------------------------------------------

# inside COMMAND...: in the chroot, with mounts and processes that are gone when it ends, and an environment of its own.
inside() {
    # shellcheck disable=SC2016
    unshare --mount --pid --fork --kill-child bash -c 'mount --make-rprivate / && mount -t proc proc "$0/proc" &&
        mount --rbind /dev "$0/dev" && exec chroot "$0" /usr/bin/env -i --default-signal=INT "$@"' "$debian" \
        HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
        NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt TAMITI_HTTP_PORT="$port" "$@"
}

# copy PATH...: this machine's own files, to the same place in the chroot; those it has.
copy() {
    local path
    for path in "$@"; do
        [[ -e $path ]] || continue
        mkdir -p "$debian$(dirname "$path")"
        cp -rL "$path" "$debian$(dirname "$path")/"
    done
}

machine() {
    if [[ -n ${TAMITI_PROOF_DEBIAN-} ]]; then
        cp -a "$TAMITI_PROOF_DEBIAN" "$debian"
    else
        local mirror
        # shellcheck disable=SC2016
        mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
        debootstrap --variant=minbase --include=git,ca-certificates bookworm "$debian" ${mirror:+"$mirror"} >&2
        rm -f "$debian/etc/apt/sources.list"
        copy /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/auth.conf.d /etc/apt/apt.conf.d
    fi
    copy /etc/hosts /etc/resolv.conf /usr/local/share/ca-certificates "$HOME/.npmrc" /etc/npmrc
    inside update-ca-certificates >/dev/null || refuse "the certificates of the new Debian can't be refreshed"
    git clone -q "$STUDIO_ROOT" "$debian/srv/studio"
}

# --- the studio -------------------------------------------------------------------------------------------------------

# start: ./dev run, until it says that it is up; the seconds that took are in $took.
start() {
    began=$EPOCHSECONDS
    inside bash -c 'cd /srv/studio && exec ./dev run' >"$TAMITI_STATE_DIR/run.log" 2>&1 &
    studio=$!
    until grep -q 'Ctrl-C stops it' "$TAMITI_STATE_DIR/run.log"; do
        kill -0 "$studio" 2>/dev/null || { cat "$TAMITI_STATE_DIR/run.log" >&2 && refuse "./dev run ended"; }
        sleep 0.2
    done
    took=$((EPOCHSECONDS - began))
    curl -sf "http://127.0.0.1:$((port + 1))/health/ready" >/dev/null || refuse "it says that it runs, and is not ready"
}

# stop: Ctrl-C. The signal goes to ./dev itself, the one child of `unshare`.
stop() {
    local status=0
    [[ -n $studio ]] || return 0
    pkill -INT -P "$(pgrep -P "$studio" -x unshare)"
    wait "$studio" || status=$?
    studio=''
    ((status == 0)) || refuse "./dev run ended with status $status after Ctrl-C"
}

# leave: whatever still runs in the chroot ends with its `unshare`.
leave() { [[ -z $studio ]] || pkill -KILL -P "$studio" -x unshare || true; }
trap leave EXIT
trap 'exit 143' INT TERM HUP

# ask STATUS METHOD PATH [CURL'S OPTIONS]: sends it and keeps the answer's body in $answer.
ask() {
    local wanted=$1 method=$2 path=$3 got
    shift 3
    answer=$(curl -s -w '\n%{http_code}' -X "$method" "$api$path" -H "Authorization: Bearer $token" \
        -H 'Content-Type: application/json' "$@")
    got=${answer##*$'\n'} answer=${answer%$'\n'*}
    [[ $got == "$wanted" ]] || refuse "$method $path answered $got instead of $wanted: $answer"
    requests=$((requests + 1))
}

# text_of NAME: the first text of that name in $answer.
text_of() {
    local rest=${answer#*\""$1"\":\"}
    echo "${rest%%\"*}"
}

contains() { [[ $answer == *"$1"* ]] || refuse "there is no $1 in $answer"; }

work() {
    local id tag page
    token='' requests=0
    ask 200 POST /auth/token -d '{"username": "manager", "password": "studio-demo-2026"}'
    token=$(text_of access)
    ask 201 POST /projects -d '{"code": "FILM-1", "name": "Festival film"}'
    id=$(text_of id)
    ask 200 GET "/projects?code=FILM-1"
    contains '"count":1,'
    ask 200 GET "/projects?search=festivl"
    contains "$id"
    ask 200 GET "/projects?page=1&page_size=5&ordering=name&fields=name"
    page=$answer
    ask 200 GET "/projects?page=2&page_size=5&ordering=name&fields=name"
    [[ $answer != "$page" ]] || refuse "the second page is the first"
    ask 200 GET "/milestones?cursor=&page_size=10"
    contains '"next":"'
    tag=$(curl -s -D - -o /dev/null "$api/projects/$id" -H "Authorization: Bearer $token" |
        sed -n 's/^ETag: \(.*\)\r$/\1/p')
    ask 200 PATCH "/projects/$id" -H "If-Match: $tag" -d '{"priority": "high"}'
    ask 412 PATCH "/projects/$id" -H "If-Match: $tag" -d '{"priority": "low"}'
    ask 200 GET "/milestones?expand=project.client&page_size=1&project__client__isnull=false"
    contains '"client":{"id":'
    curl -sf "http://127.0.0.1:$port/api/schema" | grep '"openapi":"3.1' >/dev/null || refuse "/api/schema is no OpenAPI 3.1"
    curl -sf "http://127.0.0.1:$port/api/docs" | grep '<html' >/dev/null || refuse "there is no /api/docs"
}

# --- the proof --------------------------------------------------------------------------------------------------------

echo "Making a Debian 12 and cloning $(git -C "$STUDIO_ROOT" rev-parse --short HEAD) into it." >&2
machine
echo "The first ./dev run: it installs packages and builds from scratch." >&2
start
first=$took
packages=$(($(stat -c %Y "$debian/srv/studio/build/release/configure.log") - began))
build=$(($(stat -c %Y "$debian/srv/studio/build/release/tamiti") - began - packages))
work
stop
echo "Ready after $first s; $requests requests answered as they should. The second ./dev run:" >&2
start
second=$took
ask 200 GET "/projects?code=FILM-1"
contains '"count":1,'
stop
echo "Ready after $second s with the row from before. Now ./dev test, which builds once more, with the tests." >&2
began=$EPOCHSECONDS
inside bash -c 'cd /srv/studio && exec ./dev test' >"$TAMITI_STATE_DIR/test.log" 2>&1 ||
    { tail -n 60 "$TAMITI_STATE_DIR/test.log" >&2 && refuse "./dev test failed"; }
tail -n 1 "$TAMITI_STATE_DIR/test.log"
echo "fresh Debian 12: ./dev run ready in $first s (packages $packages s, build $build s)," \
    "again in $second s (limit 15), $requests requests right, ./dev test passed in $((EPOCHSECONDS - began)) s (with build)"
((second <= 15))
