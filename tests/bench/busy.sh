#!/bin/bash
# A trace of a second while eight programs want the CPUs: how soon it begins, and how long after its begin ktrace has ended.
#   tests/bench/busy.sh [ROUNDS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
rounds=${1:-5}
machine

# As every time in the summary: CLOCK_MONOTONIC.
monotonic_ns() {
    python3 -c 'import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC))'
}

mkfifo "$WORK/target.in"
"$WORKLOADS/manythreads" 20 50 < "$WORK/target.in" > "$WORK/target.out" &
target=$!
STARTED+=("$target")
exec {IN}> "$WORK/target.in"
await "$WORK/target.out" '"ready":true'
for ((i = 0; i < 8; i++)); do
    sh -c 'while :; do :; done' &
    STARTED+=($!)
done

measure() {
    local name=$1
    shift
    for ((i = 0; i < rounds; i++)); do
        local before after start
        before=$(monotonic_ns)
        "$KTRACE" --force --json="$WORK/busy.json" -d 1s "$@" > "$WORK/busy.out" 2>&1 ||
            cannot "ktrace failed: $(cat "$WORK/busy.out")"
        after=$(monotonic_ns)
        start=$(json "$WORK/busy.json" 'd["startNs"]')
        echo $(((start - before) / 1000000)) >> "$WORK/begin.$name"
        echo $(((after - start) / 1000000)) >> "$WORK/end.$name"
    done
    echo "$name: tracing after $(sort -n "$WORK/begin.$name" | tr '\n' ' ')ms"
    echo "$name: ended $(sort -n "$WORK/end.$name" | tr '\n' ' ')ms later"
    bound "$name at load 8: ms from start to tracing (median)" "$(median < "$WORK/begin.$name")" '<' 1000
    bound "$name at load 8: ms from tracing to the end of -d 1s (median)" "$(median < "$WORK/end.$name")" '<' 1300
}

measure process -p "$target"
measure system -a
exit $STATUS
