#!/bin/bash
# From the start of ktrace's process to tracing, when the target has 500 threads and 2,000 open files; and attaching alone.
#   tests/bench/attach.sh [ROUNDS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
rounds=${1:-5}
machine
start many manythreads 500 2000
for ((i = 0; i < rounds; i++)); do
    before=$(python3 -c 'import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC))')
    "$KTRACE" --force --json="$WORK/attach.json" -d 200ms -p "$PID" > "$WORK/attach.log" 2>&1 ||
        cannot "ktrace failed: $(cat "$WORK/attach.log")"
    echo $((($(json "$WORK/attach.json" 'd["startNs"]') - before) / 1000000)) >> "$WORK/ms"
    threads=$(json "$WORK/attach.json" 'sum(len(q["threads"]) for q in p)')
done
echo "$(sort -n "$WORK/ms" | tr '\n' ' ')ms"
bound "threads seen" "$threads" '>=' 500
bound "ms from start to tracing 500 threads with 2,000 files (median)" "$(median < "$WORK/ms")" '<' 2000
exit $STATUS
