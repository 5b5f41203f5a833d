#!/bin/bash
# A private PostgreSQL, and pgbench as its load: REQUESTS transactions (default 400) by 2 clients over TCP on 127.0.0.1.
# As root everything runs as the user postgres, for the server refuses to be root.
#   hotrow has three clients change one row, each of which computes before it commits
#   session has one keep that row while its client sleeps, and two that want it
#   throughput has 8 clients select a row each, as fast as they can, for SECONDS (default 5)
#   start prints {"pid":postmaster,"port":...}; load prints {"requests":N,"clients":2}, throughput {"perSecond":X}
set -eu
. "$(dirname "$0")/common.sh"

# Debian keeps the server's programs out of PATH.
for bin in /usr/lib/postgresql/*/bin; do
    PATH=$bin:$PATH
done

as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        # The directory of the caller may be closed to that user.
        (cd / && setpriv --reuid=postgres --regid=postgres --init-groups -- env HOME="$dir" "$@")
    else
        "$@"
    fi
}

update='UPDATE pgbench_branches SET bbalance = bbalance + 1 WHERE bid = 1;'

# bench SCRIPT OPTION...: transactions by that script
bench() {
    local script=$1; shift
    as_postgres timeout 60 pgbench -h 127.0.0.1 -p "$(cat "$dir/port")" -U postgres -n -f "$script" "$@" postgres >>"$dir/load.log" 2>&1
}

case $action in
start)
    undo_on_failure
    need initdb pg_ctl pgbench python3
    mkdir -m 700 "$dir"
    [ "$(id -u)" != 0 ] || chown postgres: "$dir"
    port=$(free_port)
    echo "$port" > "$dir/port"
    as_postgres timeout 60 initdb -D "$dir/data" -A trust -U postgres --no-sync >"$dir/initdb.log" 2>&1
    as_postgres timeout 60 pg_ctl -D "$dir/data" -l "$dir/log" -w -t 30 start -o \
        "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c shared_buffers=16MB" >/dev/null
    as_postgres timeout 60 pgbench -h 127.0.0.1 -p "$port" -U postgres -i -s 1 postgres >"$dir/init.log" 2>&1
    echo "{\"pid\":$(head -1 "$dir/data/postmaster.pid"),\"port\":$port}"
    ;;
load)
    requests=${3:-400}
    as_postgres timeout 60 pgbench -h 127.0.0.1 -p "$(cat "$dir/port")" -U postgres -n -c 2 -t "$((requests / 2))" \
        postgres >"$dir/load.log" 2>&1
    echo "{\"requests\":$((requests / 2 * 2)),\"clients\":2}"
    ;;
throughput)
    as_postgres pgbench -h 127.0.0.1 -p "$(cat "$dir/port")" -U postgres -n -S -c 8 -T "${3:-5}" postgres 2>&1 |
        awk '/^tps = / { printf "{\"perSecond\":%.1f}\n", $3 }'
    ;;
hotrow)
    printf '%s\n' 'BEGIN;' "$update" 'SELECT sum(i) FROM generate_series(1, 60000) i;' 'END;' > "$dir/hotrow.sql"
    bench "$dir/hotrow.sql" -c 3 -t 60
    ;;
session)
    printf '%s\n' 'BEGIN;' "$update" '\sleep 250 ms' 'END;' > "$dir/holds.sql"
    echo "$update" > "$dir/wants.sql"
    bench "$dir/holds.sql" -c 1 -t 6 &
    sleep 0.2
    bench "$dir/wants.sql" -c 2 -T 1
    wait
    ;;
stop)
    if [ -f "$dir/data/postmaster.pid" ]; then
        pid=$(head -1 "$dir/data/postmaster.pid")
        as_postgres timeout 30 pg_ctl -D "$dir/data" -m immediate -w -t 20 stop >/dev/null 2>&1 || stop_pid "$pid"
    fi
    rm -rf -- "$dir"
    ;;
*) usage "throughput DIR [SECONDS] | hotrow DIR | session DIR" ;;
esac
