#!/bin/bash
# What ktrace itself uses while its target sleeps: CPU time over a span that begins SETTLE seconds after start-up; in the first minute
# the JVM's compilers are part of it. By perf: it sees the switches of the whole machine, so the machine should sleep as well.
#   tests/bench/idle.sh [SECONDS] [SETTLE] [COLLECTOR]      default 20 5 bpf, which auto takes where it may
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
seconds=${1:-20}
settle=${2:-5}
collector=${3:-bpf}
machine
start idle manythreads 10 20
"$KTRACE" -c "$collector" --force --json="$WORK/idle.json" -d "$((seconds + settle + 3))s" -p "$PID" > "$WORK/idle.log" 2>&1 &
tracer=$!
STARTED+=("$tracer")
await "$WORK/idle.json" interval
sleep "$settle"
# utime and stime of proc_pid_stat(5), behind the name that may hold blanks, in ticks.
ticks() {
    sed 's/.*) //' "/proc/$tracer/stat" | awk '{ print $12 + $13 }'
}
before=$(ticks)
from=$(now_ns)
sleep "$seconds"
used=$(($(ticks) - before))
percent=$(awk -v t="$used" -v hz="$(getconf CLK_TCK)" -v ns="$(($(now_ns) - from))" 'BEGIN { printf "%.3f", 100 * t / hz / (ns / 1e9) }')
wait "$tracer" || cannot "ktrace failed: $(cat "$WORK/idle.log")"
json "$WORK/idle.json" '"the machine'"'"'s other work: %d scheduler events a second" % (d["events"] * 1e9 / d["durationNs"])'
bound "percent of one CPU on an idle target, by $collector" "$percent" '<' 1
exit $STATUS
