#!/bin/bash
# What tracing adds to one system call: getppid in a tight loop, bare and under each tool in turn, several rounds, medians.
#   tests/bench/overhead.sh [ROUNDS]     default 7; about 15 s a round
# ktrace by perf and by its programs in the kernel, and beside these, where it is installed, bpftrace with a histogram of latencies by
# call, which hands over no events.
# On a machine that does other work as well, RUN="nice -n -15" puts every loop and every tool before that work alike.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need perf strace
rounds=${1:-7}
calls=${CALLS:-1000000}
slow_calls=${SLOW_CALLS:-20000}
tracepoints=raw_syscalls:sys_enter,raw_syscalls:sys_exit

# Prints ns per call as the loop itself measured them, by the wall and by its CPU time.
loop() {
    local out=$WORK/loop.out
    ${RUN:-} "$@" > "$out" 2> "$WORK/loop.err" || cannot "$1 failed: $(tail -n 3 "$WORK/loop.err")"
    sed -n 's/.*"nsPerCall":\([0-9.]*\),"cpuNsPerCall":\([0-9.]*\).*/\1 \2/p' "$out" | grep . \
        || cannot "the loop under $1 did not say how long a call took: build it anew with make -C tests/workloads"
}

histogram='tracepoint:raw_syscalls:sys_enter /pid == cpid/ { @began[tid] = nsecs }
tracepoint:raw_syscalls:sys_exit /@began[tid]/ { @ns[args->id] = hist(nsecs - @began[tid]); delete(@began[tid]) }'
tools=(bare ktrace-perf ktrace-bpf perf-record perf-record-null perf-trace strace)
command -v bpftrace > /dev/null && tools+=(bpftrace)
run() {
    case $1 in
    bare) loop "$WORKLOADS/getppid" "$calls" ;;
    ktrace-*) loop "$KTRACE" -c "${1#ktrace-}" --force --json="$WORK/$1.json" -- "$WORKLOADS/getppid" "$calls" ;;
    perf-record) loop perf record -q -e "$tracepoints" -o "$WORK/perf.data" -- "$WORKLOADS/getppid" "$calls" ;;
    perf-record-null) loop perf record -q -e "$tracepoints" -o /dev/null -- "$WORKLOADS/getppid" "$calls" ;;
    perf-trace) loop perf trace -s -o "$WORK/perf.trace" -- "$WORKLOADS/getppid" "$slow_calls" ;;
    bpftrace) loop bpftrace -o "$WORK/bpftrace" -e "$histogram" -c "$WORKLOADS/getppid $calls" ;;
    strace) loop strace -f -c -o "$WORK/strace" -- "$WORKLOADS/getppid" "$slow_calls" ;;
    esac
}

machine
for ((round = 1; round <= rounds; round++)); do
    for tool in "${tools[@]}"; do
        run "$tool" >> "$WORK/ns.$tool"
        rm -f "$WORK/perf.data"
    done
    for collector in perf bpf; do
        seen=$(json "$WORK/ktrace-$collector.json" 'calls("getppid")')
        lost=$(json "$WORK/ktrace-$collector.json" 'd["lost"]')
        [[ $seen -eq $calls && $lost -eq 0 ]] || {
            echo "FAIL  ktrace by $collector saw $seen of $calls calls and lost $lost events"
            STATUS=1
        }
    done
    printf 'round %d:' "$round"
    for tool in "${tools[@]}"; do
        printf '  %s %s' "$tool" "$(tail -n 1 "$WORK/ns.$tool")"
    done
    echo
done

# What a tool adds in a round is against the bare loop of that round: the machine may be slower in one round than in another.
# $2 is 1 for time by the wall, 2 for CPU time of the loop, which leaves out when it waited for a CPU or for the tracer.
added() {
    paste -d ' ' "$WORK/ns.$1" "$WORK/ns.bare" | awk -v c="$2" '{ print $c - $(c + 2) }' | median
}

level() {
    awk -v c="$2" '{ print $c }' "$WORK/ns.$1" | median
}

# of TOOL OTHER CLOCK: what a tool adds, as a part of what another adds.
of() {
    awk -v a="$(added "$1" "$3")" -v b="$(added "$2" "$3")" 'BEGIN { printf "%.4f", a / b }'
}

printf '\n%-18s %10s %10s %12s %12s\n' tool ns/call added 'CPU ns/call' added
for tool in "${tools[@]}"; do
    printf '%-18s %10.0f %10.0f %12.0f %12.0f\n' "$tool" "$(level "$tool" 1)" "$(added "$tool" 1)" "$(level "$tool" 2)" "$(added "$tool" 2)"
done
echo
bound "added(ktrace by perf) / added(perf record)" "$(of ktrace-perf perf-record 1)" '<=' 1
bound "the same in CPU time" "$(of ktrace-perf perf-record 2)" '<=' 1
bound "added(ktrace by perf) / added(perf trace -s)" "$(of ktrace-perf perf-trace 1)" '<=' 0.0333
bound "added(ktrace by perf) / added(strace -f -c)" "$(of ktrace-perf strace 1)" '<=' 0.0333
bound "added(ktrace by bpf) / added(perf record)" "$(of ktrace-bpf perf-record 1)" '<=' 0.3
bound "the same in CPU time" "$(of ktrace-bpf perf-record 2)" '<=' 0.3
bound "added(ktrace by bpf) / added(perf trace -s)" "$(of ktrace-bpf perf-trace 1)" '<=' 0.0333
bound "added(ktrace by bpf) / added(strace -f -c)" "$(of ktrace-bpf strace 1)" '<=' 0.0333
if [[ -s $WORK/ns.bpftrace ]]; then
    bound "added(ktrace by bpf) / added(bpftrace)" "$(of ktrace-bpf bpftrace 1)" '<=' 0.45
    bound "the same in CPU time" "$(of ktrace-bpf bpftrace 2)" '<=' 0.45
fi
exit $STATUS
