#!/bin/bash
# What tracing by ptrace adds to a system call, against strace: getppid in a loop, bare, under strace -f and under ktrace -c ptrace
# in turn, several rounds, medians; and what a filter costs a loop that it lets through.
#   tests/bench/ptrace.sh [ROUNDS]     default 7; about 10 s a round
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need strace
rounds=${1:-7}
calls=${CALLS:-50000}
fast_calls=${FAST_CALLS:-5000000}

loop() {
    local out=$WORK/loop.out
    "$@" > "$out" 2> "$WORK/loop.err" || cannot "$1 failed: $(tail -n 3 "$WORK/loop.err")"
    sed -n 's/.*"nsPerCall":\([0-9.]*\),.*/\1/p' "$out" | grep . || cannot "the loop under $1 did not say how long a call took"
}

for ((round = 1; round <= rounds; round++)); do
    loop "$WORKLOADS/getppid" "$calls" >> "$WORK/bare"
    loop strace -f -o /dev/null "$WORKLOADS/getppid" "$calls" >> "$WORK/strace"
    loop "$KTRACE" -c ptrace --force --json="$WORK/ktrace.json" -- "$WORKLOADS/getppid" "$calls" >> "$WORK/ktrace"
    seen=$(json "$WORK/ktrace.json" 'calls("getppid")')
    lost=$(json "$WORK/ktrace.json" 'd["lost"]')
    [[ $seen -eq $calls && $lost -eq 0 ]] || { echo "FAIL  ktrace saw $seen of $calls calls and lost $lost events"; STATUS=1; }
    loop "$WORKLOADS/getppid" "$fast_calls" >> "$WORK/bare-fast"
    loop "$KTRACE" log --seccomp -e mount -- "$WORKLOADS/getppid" "$fast_calls" >> "$WORK/seccomp"
    printf 'round %d: ns per call: bare %s  strace %s  ktrace %s, bare %s  filtered %s\n' "$round" "$(tail -n 1 "$WORK/bare")" \
        "$(tail -n 1 "$WORK/strace")" "$(tail -n 1 "$WORK/ktrace")" \
        "$(tail -n 1 "$WORK/bare-fast")" "$(tail -n 1 "$WORK/seccomp")"
done

added() {
    paste -d ' ' "$WORK/$1" "$WORK/bare" | awk '{ print $1 - $2 }' | median
}

bound "time that ktrace -c ptrace adds to a call, to that of strace -f -o /dev/null" \
    "$(awk -v a="$(added ktrace)" -v b="$(added strace)" 'BEGIN { printf "%.3f", a / b }')" "<=" 1.1
bound "a loop under --seccomp of which no call is asked for, to the bare loop" \
    "$(paste -d ' ' "$WORK/seccomp" "$WORK/bare-fast" | awk '{ print $1 / $2 }' | median)" "<=" 1.1
exit $STATUS
