#!/bin/bash
# What tracing takes of a server's throughput, all of ktrace's own work included where server, clients and ktrace share the CPUs:
# redis-benchmark with 50 clients and pgbench -S with 8, bare, by perf and by programs in the kernel in turn; medians of the rounds.
#   tests/bench/servers.sh [ROUNDS] [PASSES]      default 5 0; about 40 s a round
# PASSES as long as the measured one go before it, so that the JVM's compilers have done most of what they do.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need redis-server redis-benchmark pgbench
rounds=${1:-5}
passes=${2:-0}
machine
# PostgreSQL's own user passes through to its directory.
chmod 711 "$WORK"

server() {
    tests/workloads/servers/"$1".sh "$2" "$WORK/$1" "${@:3}"
}
number() {
    sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p"
}
declare -A pid=() amount=([redis]=${REQUESTS:-100000} [postgres]=${SECONDS_EACH:-5})

# throughput SERVER COLLECTOR: adds one figure, requests in a second
throughput() {
    local tracer=
    if [[ $2 != bare ]]; then
        rm -f "$WORK/live.json"
        "$KTRACE" -c "$2" --tree --force --json="$WORK/live.json" -i 500ms -p "${pid[$1]}" > "$WORK/live.log" 2>&1 &
        tracer=$!
        STARTED+=("$tracer")
        await "$WORK/live.json" interval
        sleep 1
    fi
    for ((pass = 0; pass < passes; pass++)); do
        server "$1" throughput "${amount[$1]}" > "$WORK/pass"
    done
    server "$1" throughput "${amount[$1]}" | number perSecond >> "$WORK/$1.$2"
    [[ -n $tracer ]] || return 0
    kill -TERM "$tracer"
    wait "$tracer" || cannot "ktrace by $2 failed: $(tail -n 3 "$WORK/live.log")"
    json "$WORK/live.json" 'd["lost"]' >> "$WORK/lost.$2"
    # The kernel takes perf's tracepoints down for half a second after ktrace's end.
    sleep 1
}

lost() {
    awk '{ lost += $1 } END { print lost + 0 }' "$WORK/lost.$1"
}
# What of the throughput that a round had without ktrace is gone with it.
taken() {
    paste -d ' ' "$WORK/$1.$2" "$WORK/$1.bare" | awk '{ print 1 - $1 / $2 }' | median
}

for name in redis postgres; do
    pid[$name]=$(server $name start | number pid)
    trap 'server '$name' stop; finish' EXIT
    for ((round = 0; round < rounds; round++)); do
        for collector in bare perf bpf; do
            throughput $name $collector
        done
    done
    server $name stop
    trap finish EXIT
    echo "$name: $(median < "$WORK/$name.bare") requests/s bare, $(median < "$WORK/$name.perf") by perf," \
        "$(median < "$WORK/$name.bpf") by bpf; taken $(taken $name perf) and $(taken $name bpf)"
    bound "$name: taken by bpf / taken by perf" \
        "$(awk -v a="$(taken $name bpf)" -v b="$(taken $name perf)" 'BEGIN { printf "%.3f", a / b }')" '<=' 0.4
done
echo "lost: by perf $(lost perf) events, by bpf $(lost bpf)"
exit $STATUS
