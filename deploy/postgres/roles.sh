#!/usr/bin/env bash
# Run once by the image of PostgreSQL on an empty data folder: the program's own, lesser role. Migrations give it its rights.
set -euo pipefail
password=$(</run/secrets/database_app_password)
# On standard input, so that the password is in no list of processes.
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<SQL
CREATE ROLE tamiti_app LOGIN PASSWORD '$password';
SQL
