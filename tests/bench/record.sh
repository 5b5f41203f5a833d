#!/bin/bash
# What recording adds to the live view, and how much it writes: getppid in a loop, by turns bare, under ktrace and under ktrace -o,
# several rounds, medians of the differences within a round.
#   tests/bench/record.sh [ROUNDS]     default 7; about 10 s a round; CALLS calls each, default 1000000
# On a machine that does other work as well, RUN="nice -n -15" puts every loop and every tool before that work alike.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
rounds=${1:-7}
calls=${CALLS:-1000000}

# Prints the loop's own CPU time for each call, and the CPU time that ktrace took for each event.
run() {
    local name=$1
    shift
    ${RUN:-} "$@" "$WORKLOADS/getppid" "$calls" > "$WORK/loop.out" 2> "$WORK/loop.err" ||
        cannot "$name failed: $(tail -n 3 "$WORK/loop.err")"
    local loop own=0
    loop=$(sed -n 's/.*"cpuNsPerCall":\([0-9.]*\).*/\1/p' "$WORK/loop.out")
    if [[ $name != bare ]]; then
        own=$(json "$WORK/$name.json" 'd["self"]["cpuNs"] / d["events"]')
        [[ $(json "$WORK/$name.json" 'calls("getppid")') -eq $calls && $(json "$WORK/$name.json" 'd["lost"]') -eq 0 ]] ||
            { echo "FAIL  $name did not see every call"; STATUS=1; }
    fi
    echo "$loop $own" >> "$WORK/ns.$name"
}

# What recorded has more than live, in parts of what live has: in time of the traced loop beyond the bare one, in ktrace's own time,
# and in both together, since a call is two events.
share() {
    paste -d ' ' "$WORK/ns.live" "$WORK/ns.recorded" "$WORK/ns.bare" | awk -v which="$1" '
        function cost(loop, own) { return which == "loop" ? loop - $5 : which == "own" ? own : loop - $5 + 2 * own }
        { live = cost($1, $2); print (cost($3, $4) - live) / live }' | median
}

machine
for ((round = 1; round <= rounds; round++)); do
    run bare
    run live "$KTRACE" -c perf --force --json="$WORK/live.json" --
    run recorded "$KTRACE" -c perf --force --json="$WORK/recorded.json" -o "$WORK/trace" --
    bytes=$(cat "$WORK"/trace/kernel/* | wc -c)
    awk -v b="$bytes" -v c="$calls" 'BEGIN { print b / c }' >> "$WORK/bytes"
    printf 'round %d, ns of CPU for each call of the loop, and of ktrace for each event:  bare %s  live %s  recorded %s  bytes %s\n' "$round" \
        "$(tail -n 1 "$WORK/ns.bare")" "$(tail -n 1 "$WORK/ns.live")" "$(tail -n 1 "$WORK/ns.recorded")" "$(tail -n 1 "$WORK/bytes")"
done

echo
echo "recording adds, in parts of live: to the traced program $(share loop), to ktrace's own CPU time $(share own)"
bound "CPU time for each event, of both together: recorded more than live" "$(share both)" '<=' 0.1
bound "bytes written for each getppid" "$(median < "$WORK/bytes")" '<=' 40
exit $STATUS
