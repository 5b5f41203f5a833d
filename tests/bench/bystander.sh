#!/bin/bash
# What others pay beside a traced target that sleeps: ns added to each call of theirs, bare and under each tool in turn, medians of
# the rounds' differences; and what ktrace uses while others switch as fast as two processes with a pipe between them can.
#   tests/bench/bystander.sh [ROUNDS] [SECONDS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need perf
rounds=${1:-5}
seconds=${2:-10}
calls=${CALLS:-2000000}
machine
start target manythreads 1 1
target=$PID

# Prints ns of CPU time for each call of somebody who is not traced.
bystander() {
    "$WORKLOADS/getppid" "$calls" | sed -n 's/.*"cpuNsPerCall":\([0-9.]*\).*/\1/p' >> "$WORK/ns.$1"
}

# beside NAME COMMAND...: runs COMMAND while tracing goes on; leaves the tracer's number in TRACER meanwhile.
beside() {
    local tool=$1
    shift
    rm -f "$WORK/beside.json" "$WORK/beside.data"
    case $tool in
    bare) "$@"; return ;;
    perf-record) perf record -q -e raw_syscalls:sys_enter,raw_syscalls:sys_exit -p "$target" -o "$WORK/beside.data" & ;;
    *) "$KTRACE" -c "$tool" -i 1s --json="$WORK/beside.json" -p "$target" > "$WORK/beside.log" 2>&1 & ;;
    esac
    TRACER=$!
    STARTED+=("$TRACER")
    [[ $tool = perf-record ]] || await "$WORK/beside.json" interval
    sleep 1
    "$@"
    kill -TERM "$TRACER"
    wait "$TRACER" || true
}

for ((round = 0; round < rounds; round++)); do
    for tool in bare perf-record perf bpf perf+bpf; do
        beside "$tool" bystander "$tool"
    done
done
added() {
    paste -d ' ' "$WORK/ns.$1" "$WORK/ns.bare" | awk '{ print $1 - $2 }' | median
}
quotient() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}
for tool in perf-record perf bpf perf+bpf; do
    echo "$tool adds $(added $tool) ns to the $(median < "$WORK/ns.bare") of a call of somebody who is not traced"
done

# utime and stime of proc_pid_stat(5), behind the name that may hold blanks, in ticks.
ticks() {
    sed 's/.*) //' "/proc/$TRACER/stat" | awk '{ print $12 + $13 }'
}
switches() {
    awk '/^ctxt/ { print $2 }' /proc/stat
}
idle() {
    local before from ns pingpong
    "$WORKLOADS/pingpong" pipe 1000000000 > /dev/null &
    pingpong=$!
    STARTED+=("$pingpong")
    sleep 4
    before="$(ticks) $(switches)"
    from=$(now_ns)
    sleep "$seconds"
    echo "$before $(ticks) $(switches) $(($(now_ns) - from))" |
        awk -v hz="$(getconf CLK_TCK)" '{ printf "%.3f %d\n", 100 * ($3 - $1) / hz / ($5 / 1e9), ($4 - $2) / ($5 / 1e9) }' > "$WORK/idle"
    kill -KILL "$pingpong"
    wait "$pingpong" 2> /dev/null || true
}
declare -A percent
for tool in perf bpf perf+bpf; do
    beside "$tool" idle
    read -r "percent[$tool]" rate < "$WORK/idle"
    echo "$tool: ${percent[$tool]} % of a CPU while others make $rate switches a second"
done
echo "added by bpf / added by perf record of the target: $(quotient "$(added bpf)" "$(added perf-record)")"
bound "added by perf+bpf / added by perf record of the target" "$(quotient "$(added perf+bpf)" "$(added perf-record)")" '<=' 1.1
bound "percent of a CPU of ktrace by bpf while others switch" "${percent[bpf]}" '<=' 1
bound "percent of a CPU of ktrace by perf+bpf while others switch" "${percent[perf+bpf]}" '<=' 1
exit $STATUS
