#!/usr/bin/env bash
# deploy/secrets.sh [--redis] [MAIL_URL]: makes the secrets that deploy/compose.yaml names, in deploy/secrets, and keeps those that
# are there. With --redis the studio uses the Redis of the profile of that name.
set -euo pipefail
folder=${TAMITI_SECRETS_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)/secrets}
umask 077
with_redis=''
if [[ ${1-} == --redis ]]; then with_redis=1 && shift; fi
mkdir -p "$folder"

# keep NAME VALUE: a file of the secret without a line's end. Containers read it as other users, so the folder keeps people out.
keep() {
    [[ -s $folder/$1 ]] && return 0
    printf '%s' "$2" >"$folder/$1.new"
    chmod 444 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    echo "made $folder/$1"
}

random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

keep database_owner_password "$(random)"
keep database_app_password "$(random)"
keep redis_password "$(random)"
keep secret_key "$(random)"
keep database_url "postgresql://tamiti_app:$(<"$folder/database_app_password")@postgres/tamiti"
keep database_owner_url "postgresql://tamiti_owner:$(<"$folder/database_owner_password")@postgres/tamiti"
[[ -e $folder/redis_url ]] || install -m 444 /dev/null "$folder/redis_url" # an empty one: there is no Redis
[[ -z $with_redis ]] || keep redis_url "redis://:$(<"$folder/redis_password")@redis:6379"
if [[ -n ${1-} ]]; then
    keep mail_url "$1"
elif [[ ! -s $folder/mail_url ]]; then
    echo "Say where mails go: deploy/secrets.sh smtps://user:password@mail.example:465" >&2
    exit 1
fi
