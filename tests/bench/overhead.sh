#!/bin/bash
# What tracing adds to one system call: getppid in a tight loop, bare and under each tool in turn, several rounds, medians.
#   tests/bench/overhead.sh [ROUNDS]     default 7; about 10 s a round
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

tools=(bare ktrace perf-record perf-record-null perf-trace strace)
run() {
    case $1 in
    bare) loop "$WORKLOADS/getppid" "$calls" ;;
    ktrace) loop "$KTRACE" --force --json="$WORK/ktrace.json" -- "$WORKLOADS/getppid" "$calls" ;;
    perf-record) loop perf record -q -e "$tracepoints" -o "$WORK/perf.data" -- "$WORKLOADS/getppid" "$calls" ;;
    perf-record-null) loop perf record -q -e "$tracepoints" -o /dev/null -- "$WORKLOADS/getppid" "$calls" ;;
    perf-trace) loop perf trace -s -o "$WORK/perf.trace" -- "$WORKLOADS/getppid" "$slow_calls" ;;
    strace) loop strace -f -c -o "$WORK/strace" -- "$WORKLOADS/getppid" "$slow_calls" ;;
    esac
}

machine
for ((round = 1; round <= rounds; round++)); do
    for tool in "${tools[@]}"; do
        run "$tool" >> "$WORK/ns.$tool"
        rm -f "$WORK/perf.data"
    done
    seen=$(json "$WORK/ktrace.json" 'calls("getppid")')
    lost=$(json "$WORK/ktrace.json" 'd["lost"]')
    [[ $seen -eq $calls && $lost -eq 0 ]] || { echo "FAIL  ktrace saw $seen of $calls calls and lost $lost events"; STATUS=1; }
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

quotient() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", a / b }'
}

printf '\n%-18s %10s %10s %14s %14s %10s %14s\n' tool ns/call added 'ktrace/tool' 'CPU ns/call' added 'ktrace/tool'
for tool in "${tools[@]}"; do
    printf "%-18s" "$tool"
    for clock in 1 2; do
        printf ' %10.0f %10.0f %14s' "$(level "$tool" $clock)" "$(added "$tool" $clock)" \
            "$([[ $tool = bare ]] || quotient "$(added ktrace $clock)" "$(added "$tool" $clock)")"
    done
    echo
done
echo
bound "added(ktrace) / added(perf record)" "$(quotient "$(added ktrace 1)" "$(added perf-record 1)")" '<=' 1
bound "the same in CPU time" "$(quotient "$(added ktrace 2)" "$(added perf-record 2)")" '<=' 1
bound "added(ktrace) / added(perf trace -s)" "$(quotient "$(added ktrace 1)" "$(added perf-trace 1)")" '<=' 0.0333
bound "added(ktrace) / added(strace -f -c)" "$(quotient "$(added ktrace 1)" "$(added strace 1)")" '<=' 0.0333
exit $STATUS
