#!/bin/sh
# Who may do what in PostgreSQL, once, as its superuser; safe to repeat. The official image runs it for an empty
# volume; elsewhere:
#   PGHOST=… PGUSER=postgres BOSAI_OWNER_PASSWORD=… BOSAI_LOGIN_PASSWORD=… sh deploy/postgres-init.sh
#
# bosai_owner  owns the tables and migrates; nothing that serves knows its password
# bosai_login  what web, worker, beat and post sign in as; it may do nothing but become bosai_app
# bosai_app    no login; row-level security holds it, it owns nothing and cannot rewrite the event log
set -eu
: "${BOSAI_OWNER_PASSWORD:?}" "${BOSAI_LOGIN_PASSWORD:?}"
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${PGUSER:-${POSTGRES_USER:-postgres}}" --dbname postgres <<'SQL'
\getenv owner_password BOSAI_OWNER_PASSWORD
\getenv login_password BOSAI_LOGIN_PASSWORD
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['bosai_owner', 'bosai_login', 'bosai_app']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE bosai_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'owner_password';
ALTER ROLE bosai_login LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'login_password';
ALTER ROLE bosai_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
GRANT bosai_app TO bosai_login, bosai_owner;
SELECT 'CREATE DATABASE bosai OWNER bosai_owner TEMPLATE template0 ENCODING ''UTF8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'bosai') \gexec
REVOKE ALL ON DATABASE bosai FROM PUBLIC;
GRANT CONNECT ON DATABASE bosai TO bosai_login;
SQL
