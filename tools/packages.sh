# shellcheck shell=bash
# Installs the Debian packages that a command needs. A second time costs one dpkg-query, a few milliseconds.

# shellcheck source=say.sh
source "$(dirname "${BASH_SOURCE[0]}")/say.sh"

# packages_install GROUP...: what tools/packages.txt lists under these groups and is not installed yet.
packages_install() {
    local missing
    mapfile -t missing < <(packages_missing "$@")
    ((${#missing[@]})) || return 0
    have apt-get ||
        fail "this is made for Debian 12, and there is no apt-get here; install by other means: ${missing[*]}."
    local admin=()
    if ((EUID != 0)); then
        have sudo || fail "packages are missing and there is no sudo; as root run: apt-get install ${missing[*]}"
        admin=(sudo)
    fi
    need_space /usr 1500 "Installing ${#missing[@]} packages"
    say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    packages_apt "${missing[@]}" || {
        say "dev: the packages could not be installed. If the list above names the network or a lock, try again; if"
        say "     this account may not install, ask someone who may to run, as root:"
        fail "     apt-get install ${missing[*]}"
    }
}

# packages_try GROUP...: the same for what the command can do without; says so and goes on when it fails.
packages_try() {
    (packages_install "$@") || say "dev: going on without ($*)."
}

# packages_missing GROUP...: their names, one a line.
packages_missing() {
    local wanted
    mapfile -t wanted < <(awk -v groups=" $* " '/^[a-z]/ && index(groups, " " $1 " ") && !seen[$2]++ { print $2 }' \
        "$root/tools/packages.txt")
    # dpkg-query names on standard error what it has never heard of; those are missing too.
    { dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true; } |
        awk -v wanted="${wanted[*]}" '
            $2 == "installed" { installed[$1] = 1 }
            END { count = split(wanted, name, " "); for (i = 1; i <= count; i++) if (!(name[i] in installed)) print name[i] }'
}

# packages_apt PACKAGE...: installs, with fresh package lists where there are none or the first try fails.
packages_apt() {
    local log=$root/build/apt.log
    mkdir -p "$root/build"
    : >"$log"
    packages_hold_services
    local status=0
    if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then packages_as_root apt-get update >>"$log" 2>&1 || status=$?; fi
    if ((status == 0)); then
        packages_get "$@" >>"$log" 2>&1 ||
            { packages_as_root apt-get update && packages_get "$@"; } >>"$log" 2>&1 || status=$?
    fi
    packages_release_services
    ((status == 0)) || tail_of "$log"
    return "$status"
}

packages_as_root() { "${admin[@]}" env DEBIAN_FRONTEND=noninteractive "$@"; }
packages_get() { packages_as_root apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@"; }

# The packages postgresql-15 and redis-server would start servers of their own, which nobody here asked for: while we
# install, a policy-rc.d (see invoke-rc.d) says no, unless the machine has a policy already.
packages_hold_services() {
    policy=/usr/sbin/policy-rc.d
    if [[ -e $policy ]]; then
        policy=
        return 0
    fi
    # shellcheck disable=SC2016
    packages_as_root sh -c 'printf "#!/bin/sh\nexit 101\n" >"$1" && chmod 755 "$1"' sh "$policy" || policy=
    trap packages_release_services EXIT
}

packages_release_services() {
    trap - EXIT
    [[ -z ${policy-} ]] || packages_as_root rm -f "$policy"
    policy=
}
