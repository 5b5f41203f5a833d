#!/bin/bash
# What tracing adds to one system call: getppid in a tight loop, bare and under each tool in turn, several rounds, medians.
#   tests/bench/overhead.sh [ROUNDS]     default 7; about 10 s a round
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need perf strace
rounds=${1:-7}
calls=${CALLS:-1000000}
slow_calls=${SLOW_CALLS:-20000}
tracepoints=raw_syscalls:sys_enter,raw_syscalls:sys_exit

# Prints ns per call as the loop itself measured them.
loop() {
    local out=$WORK/loop.out
    "$@" > "$out" 2> "$WORK/loop.err" || cannot "$1 failed: $(tail -n 3 "$WORK/loop.err")"
    sed -n 's/.*"nsPerCall":\([0-9.]*\).*/\1/p' "$out"
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
added() {
    paste "$WORK/ns.$1" "$WORK/ns.bare" | awk '{ print $1 - $2 }' | median
}

mine=$(added ktrace)
printf '\n%-18s %12s %12s %16s\n' tool ns/call added 'ktrace : tool'
for tool in "${tools[@]}"; do
    if [[ $tool = bare ]]; then
        printf '%-18s %12.0f\n' bare "$(median < "$WORK/ns.bare")"
    else
        its=$(added "$tool")
        printf '%-18s %12.0f %12.0f %16s\n' "$tool" "$(median < "$WORK/ns.$tool")" "$its" \
            "$(awk -v a="$mine" -v b="$its" 'BEGIN { printf "1 : %.2f", b / a }')"
    fi
done
echo
ratio() {
    awk -v a="$mine" -v b="$(added "$1")" 'BEGIN { printf "%.4f", a / b }'
}
bound "added(ktrace) / added(perf record)" "$(ratio perf-record)" '<=' 1
bound "added(ktrace) / added(perf trace -s)" "$(ratio perf-trace)" '<=' 0.0333
bound "added(ktrace) / added(strace -f -c)" "$(ratio strace)" '<=' 0.0333
exit $STATUS
