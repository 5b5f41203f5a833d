#!/bin/bash
# A private redis-server, and redis-benchmark as its load: REQUESTS GETs (default 20000) by 4 connections.
#   sleep and script have it do one slow command, DEBUG SLEEP or one that computes, while three clients want a quick one
#   throughput has 50 clients set and get as fast as they can
#   start prints {"pid":...,"port":...}; load prints {"requests":N,"clients":4}, throughput {"perSecond":X}
set -eu
. "$(dirname "$0")/common.sh"

client() {
    timeout 60 redis-cli -h 127.0.0.1 -p "$(cat "$dir/port")" "$@" >>"$dir/load.log"
}

# slow_command COMMAND...: and what other clients want meanwhile
slow_command() {
    client "$@" &
    sleep 0.1
    for _ in 1 2 3; do
        client get key &
    done
    wait
}

case $action in
start)
    undo_on_failure
    need redis-server redis-cli redis-benchmark python3
    mkdir -m 700 "$dir"
    port=$(free_port)
    echo "$port" > "$dir/port"
    redis-server --bind 127.0.0.1 --port "$port" --dir "$dir" --save '' --appendonly no --logfile "$dir/log" \
        --enable-debug-command local --daemonize yes --pidfile "$dir/pid" >/dev/null
    wait_for 10 redis-cli -h 127.0.0.1 -p "$port" ping
    echo "{\"pid\":$(cat "$dir/pid"),\"port\":$port}"
    ;;
load)
    requests=${3:-20000}
    timeout 60 redis-benchmark -h 127.0.0.1 -p "$(cat "$dir/port")" -n "$requests" -c 4 -t get -q >"$dir/load.log" 2>&1
    echo "{\"requests\":$requests,\"clients\":4}"
    ;;
throughput)
    requests=${3:-20000}
    redis-benchmark -h 127.0.0.1 -p "$(cat "$dir/port")" -n "$requests" -c 50 -P 1 -t set,get --csv 2>&1 |
        awk -F'"' '$2 == "SET" || $2 == "GET" { seconds += 1 / $4; tests++ } END { printf "{\"perSecond\":%.1f}\n", tests / seconds }'
    ;;
sleep)
    slow_command debug sleep 1.5
    ;;
script)
    slow_command eval 'local sum = 0; for i = 1, 400000000 do sum = sum + i end; return sum' 0
    ;;
stop)
    stop_pid "$(cat "$dir/pid" 2>/dev/null || true)"
    rm -rf -- "$dir"
    ;;
*) usage "throughput DIR [REQUESTS] | sleep DIR | script DIR" ;;
esac
