#!/bin/bash
# From the start of ktrace's process to tracing, when the target has 500 threads and 2,000 open files; and by programs in the kernel,
# when it has 10,000 threads, with the descriptors that it then holds open.
#   tests/bench/attach.sh [ROUNDS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
rounds=${1:-5}
machine

# attach COLLECTOR DURATION: appends to $WORK/ms.COLLECTOR; sets THREADS, and DESCRIPTORS as they are when the trace goes on.
attach() {
    local before tracer
    rm -f "$WORK/attach.json"
    before=$(python3 -c 'import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC))')
    "$KTRACE" --json="$WORK/attach.json" -c "$1" -i 100ms -d "$2" -p "$PID" > "$WORK/attach.log" 2>&1 &
    tracer=$!
    await "$WORK/attach.json" interval
    DESCRIPTORS=$(ls "/proc/$tracer/fd" | wc -l)
    wait "$tracer" || cannot "ktrace failed: $(cat "$WORK/attach.log")"
    echo $((($(json "$WORK/attach.json" 'd["startNs"]') - before) / 1000000)) >> "$WORK/ms.$1"
    THREADS=$(json "$WORK/attach.json" 'sum(len(q["threads"]) for q in p)')
}

start many manythreads 500 2000
for ((i = 0; i < rounds; i++)); do
    attach perf 2s
done
echo "$(sort -n "$WORK/ms.perf" | tr '\n' ' ')ms"
bound "threads seen" "$THREADS" '>=' 500
bound "ms from start to tracing 500 threads with 2,000 files (median)" "$(median < "$WORK/ms.perf")" '<' 2000

start crowd manythreads 10000 10
for ((i = 0; i < rounds; i++)); do
    attach bpf 3s
done
echo "$(sort -n "$WORK/ms.bpf" | tr '\n' ' ')ms"
bound "threads seen by bpf" "$THREADS" '>=' 10000
bound "descriptors of ktrace beside them" "$DESCRIPTORS" '<' 200
bound "ms from start to tracing 10,000 threads by bpf (median)" "$(median < "$WORK/ms.bpf")" '<' 1000
exit $STATUS
