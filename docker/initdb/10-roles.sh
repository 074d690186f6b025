#!/bin/sh
# Runs once, on an empty database directory: the owner migrates, the application owns nothing.
set -eu

psql --no-psqlrc --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
	--set=owner_password="$OWNER_DB_PASSWORD" --set=app_password="$APP_DB_PASSWORD" <<'SQL'
CREATE ROLE klientura_owner LOGIN NOSUPERUSER PASSWORD :'owner_password';
CREATE ROLE klientura_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
GRANT klientura_app TO klientura_owner;
ALTER ROLE klientura_app SET statement_timeout = '15s';
ALTER ROLE klientura_app SET max_parallel_workers_per_gather = 0;
ALTER ROLE klientura_app SET lock_timeout = '3s';
ALTER ROLE klientura_app SET idle_in_transaction_session_timeout = '30s';
CREATE DATABASE klientura OWNER klientura_owner;
SQL
