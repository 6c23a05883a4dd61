#!/usr/bin/env bash
# Runs a command with DATABASE_URL and REDIS_URL of a real PostgreSQL and Redis: those given, those found on
# loopback, or throw-away ones started from Debian's packages and stopped afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
home=$(mktemp -d /tmp/portal-services.XXXXXX)
started_postgres="" started_redis=""

stop() {
  [ -z "$started_redis" ] || kill "$started_redis" 2>/dev/null || true
  [ -z "$started_postgres" ] || as_postgres "$started_postgres/pg_ctl" -D "$home/pg" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$home"
}
trap stop EXIT

apt_install() {
  [ "$(id -u)" -eq 0 ] || { echo "PostgreSQL or Redis was not found. Install with: sudo apt-get install -y $*" >&2; exit 1; }
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
# initdb refuses to run as root: the cluster belongs to the postgres user then.
as_postgres() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

postgres_found() {
  .venv/bin/python - <<'PY'
import getpass, sys
import psycopg2
for user in (getpass.getuser(), "postgres"):
    try:
        connection = psycopg2.connect(host="127.0.0.1", port=5432, user=user, dbname="postgres", connect_timeout=2)
    except psycopg2.OperationalError:
        continue
    cursor = connection.cursor()
    cursor.execute("select rolcreatedb or rolsuper from pg_roles where rolname = current_user")
    if cursor.fetchone()[0]:
        print(f"postgresql://{user}@127.0.0.1:5432/postgres")
        sys.exit(0)
sys.exit(1)
PY
}

if [ -z "${DATABASE_URL:-}" ]; then
  if ! DATABASE_URL=$(postgres_found); then
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || apt_install postgresql
    bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
    mkdir -p "$home/pg" && { [ "$(id -u)" -ne 0 ] || chown -R postgres "$home"; }
    as_postgres "$bin/initdb" -D "$home/pg" -U portal -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
    as_postgres "$bin/pg_ctl" -D "$home/pg" -w -o "-p 55432 -k $home -c listen_addresses=127.0.0.1 -c fsync=off" -l "$home/pg.log" start >/dev/null
    started_postgres=$bin
    DATABASE_URL=postgresql://portal@127.0.0.1:55432/postgres
  fi
fi
if [ -z "${REDIS_URL:-}" ]; then
  if .venv/bin/python -c "import redis; redis.Redis(host='127.0.0.1', port=6379, socket_timeout=2).ping()" 2>/dev/null; then
    REDIS_URL=redis://127.0.0.1:6379/15
  else
    command -v redis-server >/dev/null || apt_install redis-server
    redis-server --port 56379 --bind 127.0.0.1 --save "" --appendonly no --dir "$home" >/dev/null &
    started_redis=$!
    for _ in $(seq 50); do redis-cli -p 56379 ping >/dev/null 2>&1 && break; sleep 0.1; done
    REDIS_URL=redis://127.0.0.1:56379/15
  fi
fi
export DATABASE_URL REDIS_URL
"$@"
