#!/usr/bin/env bash
# A new app in its canonical form (models, access, service with one verb on a row, app, tests, factories) lists, reads, creates, changes,
# deletes, filters, acts and documents in under 70 lines, has its screens in the console, and leaves no trace when removed.
set -euo pipefail
unset TAMITI_BIN
clone=$TAMITI_STATE_DIR/clone
port=${TAMITI_PROOF_PORT:-18710}
git clone -q "$STUDIO_ROOT" "$clone"
cd "$clone"

refuse() {
    echo "not proven: $*" >&2
    exit 1
}

echo "Making the app equipment in a clone and running its tests; the clone builds from scratch." >&2
./dev new-app equipment >&2
app=src/apps/equipment
# What the app says: its lines but for blank ones, comments, includes and the brackets of namespaces, in every file but README and migration.
sources=$(find $app -type f ! -name README.md ! -path '*/migrations/*' | sort)
for name in access.cpp access.hpp app.cpp models.cpp models.hpp service.cpp service.hpp tests/equipment_test.cpp tests/authorization_matrix.txt tests/factories.hpp; do
    [[ -s $app/$name ]] || refuse "the app lacks $name"
done
# shellcheck disable=SC2086 # names without blanks
lines=$(cat $sources | grep -cvE '^[[:space:]]*($|//|#)|^(namespace .*\{|\}  // namespace .*)$')
# shellcheck disable=SC2086
written=$(cat $sources | grep -c .)
((lines < 70)) || refuse "the app has $lines lines"
./dev test equipment >&2

source tools/console.sh
console_ready >&2
servers_start "$TAMITI_STATE_DIR/studio" >&2
export TAMITI_HTTP_PORT=$port TAMITI_SUPERUSER_PASSWORD=a-password-of-the-proof
studio=$PWD/build/dev/tamiti
ninja -C build/dev tamiti >&2
"$studio" migrate >&2
"$studio" createsuperuser --username boss --email boss@studio.test >&2
TAMITI_STATE_DIR=$TAMITI_STATE_DIR/studio TAMITI_STATIC_DIR=$PWD/build/share "$studio" run >"$TAMITI_STATE_DIR/studio.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 50); do
    curl -sf "http://127.0.0.1:$((port + 1))/health/ready" >/dev/null && break
    sleep 0.1
done

api=http://127.0.0.1:$port/api/v1
token=$(curl -s "$api/auth/token" -H 'Content-Type: application/json' \
    -d "{\"username\": \"boss\", \"password\": \"$TAMITI_SUPERUSER_PASSWORD\"}" | sed 's/.*"access":"\([^"]*\)".*/\1/')
me=$(curl -s "$api/users/me" -H "Authorization: Bearer $token" | sed 's/{"id":"\([^"]*\)".*/\1/')

# ask STATUS METHOD PATH [BODY]: sends it and keeps the answer's body in $answer.
ask() {
    local wanted=$1 method=$2 path=$3 got
    answer=$(curl -s -w '\n%{http_code}' -X "$method" "$api$path" -H "Authorization: Bearer $token" \
        -H 'Content-Type: application/json' ${4:+-d "$4"})
    got=${answer##*$'\n'} answer=${answer%$'\n'*}
    [[ $got == "$wanted" ]] || refuse "$method $path answered $got instead of $wanted: $answer"
}
ask 201 POST /equipment "{\"name\": \"Camera\", \"owner\": \"$me\"}"
id=${answer#*\"id\":\"} id=${id%%\"*}
ask 200 GET "/equipment/$id"
ask 200 PATCH "/equipment/$id" '{"name": "Lens"}'
ask 200 GET "/equipment?owner=me&search=lens&ordering=-name&expand=owner"
[[ $answer == *'"count":1,'* && $answer == *'"username":"boss"'* ]] || refuse "the list is $answer"
ask 400 GET "/equipment?colour=red"
ask 200 GET "/equipment/$id?can=true"
[[ $answer == *'"can":["change","remove","retire"]'* ]] || refuse "the row is $answer"
ask 200 POST "/equipment/$id/retire"
[[ $answer == *'"retired_at":"'* ]] || refuse "the retired row is $answer"
ask 404 POST "/equipment/00000000-0000-7000-8000-000000000000/retire"
ask 204 DELETE "/equipment/$id"
ask 404 GET "/equipment/$id"
curl -s "http://127.0.0.1:$port/api/schema" | grep -q '"/equipment/{id}"' || refuse "the app is not documented"
node console/tests/browser/new_app.mjs "http://127.0.0.1:$port" boss "$TAMITI_SUPERUSER_PASSWORD" /equipment Equipment Retire >&2 ||
    refuse "the console does not show the app"
kill "$server"
wait "$server" || true

echo "Removing its folder and its lines." >&2
rm -r $app
sed -i '/namespace equipment /d; /equipment::app()/d' src/apps.cpp
[[ -z $(git status --porcelain) ]] || refuse "something of it is left: $(git status --porcelain)"
./dev test common >&2
echo "A new app takes $lines lines besides its migration (the limit is 70; $written with includes, namespaces and comments); removing it left nothing."
