#!/bin/bash
# Is every call seen? A million getppid at full speed, from a cold start; then more than can be read,
# with a tiny ring and a ktrace that shares one CPU with others: seen + lost must be the truth, to the event. And of a storm of calls on
# epoll sets that goes on as ktrace starts, while Java has yet to compile what reads it.
#   tests/bench/loss.sh
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
calls=1000000
machine

# cold COLLECTOR RUN ARGUMENT...
cold() {
    local collector=$1 run=$2
    shift 2
    "$KTRACE" "$@" -c "$collector" --force --json="$WORK/cold.json" -- "$WORKLOADS/getppid" "$calls" > "$WORK/cold.out" \
        2> "$WORK/cold.err" || cannot "ktrace failed: $(cat "$WORK/cold.err")"
    bound "cold start by $collector, run $run: calls seen of $calls" "$(json "$WORK/cold.json" 'calls("getppid")')" '==' "$calls"
    bound "cold start by $collector, run $run: events lost" "$(json "$WORK/cold.json" 'd["lost"]')" '==' 0
}

for run in 1 2 3; do
    cold bpf "$run"
    cold bpf "$run, recorded" -o "$WORK/trace"
    cold perf "$run"
done

storm() {
    start "storm-$1" epollstorm nested
    "$KTRACE" -c "$1" --force --json="$WORK/storm.json" -i 500ms -d 8s -p "$PID" > "$WORK/storm.log" 2>&1 ||
        cannot "ktrace failed: $(cat "$WORK/storm.log")"
    kill -KILL "$PID"
    wait "$PID" 2> "$WORK/storm.end" || true
    exec {IN}>&-
    echo "storm by $1: $(json "$WORK/storm.json" 'd["events"]') events in 8 s"
    bound "storm by $1: events lost" "$(json "$WORK/storm.json" 'd["lost"]')" '==' 0
}

storm bpf
storm perf

# Both runs make the same calls, so the events of the first, where nothing is lost, are the truth for the second.
syscall_events() {
    json "$1" 'd["syscallEvents"] + d["counters"].get("lostSyscalls", 0)'
}

overload() {
    local name=$1 hinder=$2
    shift 2
    start "$name" getppid 300000 --wait-go
    "$@" --force --json="$WORK/$name.json" -i 200ms -p "$PID" > "$WORK/$name.log" 2>&1 &
    local tracer=$!
    STARTED+=("$tracer")
    await "$WORK/$name.json" interval
    "$hinder" "$tracer"
    go
    wait "$tracer" || cannot "ktrace failed: $(cat "$WORK/$name.log")"
    exec {IN}>&-
}

# All its threads get one CPU, at the lowest priority, that a loop keeps busy.
slow_down() {
    exec taskset -c 0 yes > /dev/null &
    STARTED+=($!)
    taskset -a -cp 0 "$1" > "$WORK/taskset.out"
    local thread
    for thread in /proc/"$1"/task/*; do
        renice -n 19 -p "${thread##*/}" > "$WORK/renice.out"
    done
}

overload roomy : "$KTRACE"
overload tight slow_down "$KTRACE" --buffer 16k
truth=$(syscall_events "$WORK/roomy.json")
echo "roomy: $truth events, lost $(json "$WORK/roomy.json" 'd["lost"]'), counters $(json "$WORK/roomy.json" 'd["counters"]')"
echo "tight: counters $(json "$WORK/tight.json" 'd["counters"]')"
bound "overload: system-call events lost" "$(json "$WORK/tight.json" 'd["counters"].get("lostSyscalls", 0)')" '>' 0
sum=$(syscall_events "$WORK/tight.json")
echo "tight: seen + lost = $sum"
bound "overload: distance of seen + lost from the truth" "$((sum > truth ? sum - truth : truth - sum))" '==' 0
exit $STATUS
