# shellcheck shell=bash
# What every part of ./dev says and how it stops.

# shellcheck disable=SC2034 # for those who source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# say WORDS: one line for the person, on standard error, so that standard output stays free for results.
say() { printf '%s\n' "$*" >&2; }

# fail WORDS: says what is wrong and what to do about it, and stops.
fail() {
    say "dev: $*"
    exit 1
}

# have COMMAND: is it on PATH?
have() { command -v "$1" >/dev/null 2>&1; }

# tail_of FILE: the end of a log, indented, for the sentence that follows or precedes it.
tail_of() { [[ ! -s $1 ]] || tail -n "${2:-20}" "$1" | sed 's/^/    /' >&2; }

# absolute PATH: the path from /, whether it exists or not.
absolute() { realpath -ms -- "$1"; }

# free_megabytes PATH: what is free on the disk of PATH or of its nearest parent that exists.
free_megabytes() {
    local path
    path=$(absolute "$1")
    while [[ ! -e $path ]]; do path=$(dirname "$path"); done
    df -Pm -- "$path" | awk 'NR == 2 { print $4 }'
}

# need_space PATH MEGABYTES WHAT: stops with a sentence before a full disk stops us halfway.
need_space() {
    local free
    free=$(free_megabytes "$1")
    ((free >= $2)) || fail "$3 needs about $2 MB and the disk of $1 has $free MB free: make room there${4:+, or $4}."
}

# read_dotenv FILE: NAME=value lines of .env that the environment doesn't have already, as the program itself reads them.
read_dotenv() {
    local line name value
    [[ -f $1 ]] || return 0
    while IFS= read -r line || [[ -n $line ]]; do
        [[ $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$ ]] || continue
        name=${BASH_REMATCH[2]} value=${BASH_REMATCH[3]%$'\r'}
        [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]] && value=${BASH_REMATCH[1]}
        [[ -v $name ]] || export "$name=$value"
    done <"$1"
}

# port_is_busy PORT: does something on this machine answer there?
port_is_busy() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# http_status PORT PATH: the status of a GET on this machine, empty when nothing answers. Needs no curl.
http_status() {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 0
        printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
        IFS= read -r -t 5 line <&3
        [[ $line =~ ^HTTP/1\.[01]\ ([0-9]{3}) ]] && printf '%s' "${BASH_REMATCH[1]}"
    ) 2>/dev/null || true
}

# close_other_files: for a process that outlives us: keep none of our locks and pipes open.
close_other_files() {
    local path number
    for path in /proc/self/fd/*; do
        number=${path##*/}
        if ((number > 2)); then exec {number}>&-; fi
    done
}
