#!/bin/bash
# A private nginx with one worker, and ab (or else curl in a loop) as its load: REQUESTS requests (default 5000).
#   sleep and compute ask for what it gets from a server behind it, python/upstream.py, which is slow
#   start prints {"pid":master,"worker":worker,"upstream":...,"port":...}; load prints {"requests":N,"failed":N}
set -eu
. "$(dirname "$0")/common.sh"
PATH=$PATH:/usr/sbin

case $action in
start)
    undo_on_failure
    need nginx curl python3
    mkdir -m 755 "$dir"
    port=$(free_port)
    echo "$port" > "$dir/port"
    printf '%4096s' '' > "$dir/index.html"
    behind=$(free_port)
    python3 "$(dirname "$0")/../python/upstream.py" "$behind" >"$dir/upstream.log" 2>&1 </dev/null &
    echo $! > "$dir/upstream"
    cat > "$dir/nginx.conf" <<CONF
worker_processes 1;
daemon on;
pid $dir/pid;
error_log $dir/error.log;
events { worker_connections 64; }
http {
    access_log off;
    client_body_temp_path $dir/body; proxy_temp_path $dir/proxy; fastcgi_temp_path $dir/fastcgi;
    uwsgi_temp_path $dir/uwsgi; scgi_temp_path $dir/scgi;
    server { listen 127.0.0.1:$port; root $dir; keepalive_requests 1000000;
        location /behind/ { proxy_pass http://127.0.0.1:$behind; } }
}
CONF
    nginx -p "$dir" -c "$dir/nginx.conf" -e "$dir/error.log"
    wait_for 10 curl -sf -o /dev/null "http://127.0.0.1:$port/"
    wait_for 10 curl -sf -o /dev/null "http://127.0.0.1:$port/behind/"
    pid=$(cat "$dir/pid")
    echo "{\"pid\":$pid,\"worker\":$(cat "/proc/$pid/task/$pid/children" | tr -d ' '),\"upstream\":$(cat "$dir/upstream"),\"port\":$port}"
    ;;
load)
    requests=${3:-5000}
    url="http://127.0.0.1:$(cat "$dir/port")/index.html"
    failed=0
    if command -v ab >/dev/null; then
        timeout 60 ab -q -k -c 4 -n "$requests" "$url" > "$dir/load.log"
        failed=$(sed -n 's/^Failed requests: *//p' "$dir/load.log")
    else
        requests=$((requests < 200 ? requests : 200))
        for _ in $(seq "$requests"); do
            curl -sf -m 5 -o /dev/null "$url" || failed=$((failed + 1))
        done
    fi
    echo "{\"requests\":$requests,\"failed\":$failed}"
    ;;
sleep|compute)
    timeout 60 ab -q -c 4 -n 40 "http://127.0.0.1:$(cat "$dir/port")/behind/$action" > "$dir/load.log"
    ;;
stop)
    stop_pid "$(cat "$dir/upstream" 2>/dev/null || true)"
    stop_pid "$(cat "$dir/pid" 2>/dev/null || true)"
    rm -rf -- "$dir"
    ;;
*) usage "sleep DIR | compute DIR" ;;
esac
