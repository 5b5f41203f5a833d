#!/bin/bash
# What it costs a call that its path is read in the kernel, as -c bpf does where a recording wants it: openat and getppid in loops, by
# turns bare, under ktrace, which reads none for its summary, and under ktrace -o; several rounds, medians.
#   tests/bench/paths.sh [ROUNDS]     default 5; about 15 s a round; CALLS calls each, default 100000
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
[[ -x $WORKLOADS/paths ]] || make -s -C tests/workloads || cannot "the workloads do not compile"
rounds=${1:-5}
calls=${CALLS:-100000}

# The loop's own CPU time for each call.
run() {
    local name=$1 call=$2
    shift 2
    ${RUN:-} "$@" "$WORKLOADS/paths" loop "$call" "$calls" > "$WORK/loop.out" 2> "$WORK/loop.err" ||
        cannot "$name failed: $(tail -n 3 "$WORK/loop.err")"
    sed -n 's/.*"cpuNsPerCall":\([0-9.]*\).*/\1/p' "$WORK/loop.out" >> "$WORK/ns.$call.$name"
}

# What ktrace adds to a call, by the middle of the rounds.
added() {
    awk -v a="$(median < "$WORK/ns.$1.$2")" -v b="$(median < "$WORK/ns.$1.bare")" 'BEGIN { printf "%.0f", a - b }'
}

for ((round = 1; round <= rounds; round++)); do
    for call in openat getppid; do
        run bare "$call"
        run live "$call" "$KTRACE" -c bpf --json=/dev/null --
        run recorded "$call" "$KTRACE" -c bpf --json=/dev/null --force -o "$WORK/trace" --
    done
done

for call in openat getppid; do
    echo "$call: bare $(median < "$WORK/ns.$call.bare") ns; added $(added $call live) ns, recorded $(added $call recorded) ns"
    share=$(awk -v a="$(added $call recorded)" -v b="$(added $call live)" 'BEGIN { printf "%.2f", a / b }')
    bound "$call: added with paths read, against without" "$share" '<=' "$([[ $call == openat ]] && echo 1.8 || echo 1.1)"
done
exit $STATUS
