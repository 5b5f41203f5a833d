#!/bin/bash
# What tracing by ptrace adds to a system call, against strace: getppid in a loop, bare, under strace -f and under ktrace -c ptrace
# in turn, several rounds, medians; the same for 200 threads, and for a script of find, tar, python3 and pipelines, whose calls
# ktrace log writes out as well; and what --seccomp costs where it stops no call: programs that read many files, and a loop. A
# filter of any kind has the kernel take a slower way into each call: so the loop is compared with one that has its own filter. (A
# process that is born or ends stops all the same.)
#   tests/bench/ptrace.sh [ROUNDS]     default 7; about 20 s a round
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need strace
rounds=${1:-7}
calls=${CALLS:-50000}
fast_calls=${FAST_CALLS:-3000000}

loop() {
    local out=$WORK/loop.out
    "$@" > "$out" 2> "$WORK/loop.err" || cannot "$1 failed: $(tail -n 3 "$WORK/loop.err")"
    sed -n 's/.*"nsPerCall":\([0-9.]*\),.*/\1/p' "$out" | grep . || cannot "the loop under $1 did not say how long a call took"
}

script='
    begin=$EPOCHREALTIME
    find /etc -type f
    tar cf - /etc/apt /etc/ssl
    for i in {1..10}; do echo $i | sort | cat; done
    /usr/bin/python3 -c "import json, socket"
    end=$EPOCHREALTIME
    echo "$((${end/./} - ${begin/./}))" >&3'

reading='
    begin=$EPOCHREALTIME
    find /etc /usr/share /usr/lib -type f
    tar cf - /usr/share/doc /usr/share/perl /usr/lib/python3* | cat
    end=$EPOCHREALTIME
    echo "$((${end/./} - ${begin/./}))" >&3'

# Microseconds that a script took of its own, without what starts before it.
script() {
    local text=$1
    shift
    "$@" bash -c "exec > /dev/null 2>&1 3> '$WORK/took'; $text" > "$WORK/script.out" 2> "$WORK/script.err" ||
        cannot "the script under $1 failed: $(tail -n 3 "$WORK/script.err")"
    cat "$WORK/took"
}

for ((round = 1; round <= rounds; round++)); do
    loop "$WORKLOADS/getppid" "$calls" >> "$WORK/bare"
    loop strace -f -o /dev/null "$WORKLOADS/getppid" "$calls" >> "$WORK/strace"
    loop "$KTRACE" -c ptrace --force --json="$WORK/ktrace.json" -- "$WORKLOADS/getppid" "$calls" >> "$WORK/ktrace"
    seen=$(json "$WORK/ktrace.json" 'calls("getppid")')
    lost=$(json "$WORK/ktrace.json" 'd["lost"]')
    [[ $seen -eq $calls && $lost -eq 0 ]] || { echo "FAIL  ktrace saw $seen of $calls calls and lost $lost events"; STATUS=1; }
    for way in bare strace ktrace log; do
        case $way in
            bare) with=() ;;
            strace) with=(strace -f -o /dev/null) ;;
            ktrace) with=("$KTRACE" -c ptrace --force --json="$WORK/ktrace.json" --) ;;
            log) with=("$KTRACE" log -c ptrace --) ;;
        esac
        [[ $way == log ]] || loop "${with[@]}" "$WORKLOADS/getppid" $((calls / 200)) --threads 200 >> "$WORK/$way-threads"
        script "$script" "${with[@]}" >> "$WORK/$way-script"
    done
    ((round > 1)) || script "$reading" > "$WORK/not-yet-in-the-page-cache"
    script "$reading" >> "$WORK/bare-reading"
    script "$reading" "$KTRACE" log --seccomp -e mount -- >> "$WORK/seccomp-reading"
    loop "$WORKLOADS/getppid" "$fast_calls" >> "$WORK/bare-fast"
    loop "$WORKLOADS/getppid" "$fast_calls" --filter >> "$WORK/own-filter"
    loop "$KTRACE" log --seccomp -e mount -- "$WORKLOADS/getppid" "$fast_calls" >> "$WORK/seccomp"
    printf 'round %d: ns per call: bare %s  strace %s  ktrace %s, bare %s  own filter %s  --seccomp %s\n' "$round" "$(tail -n 1 "$WORK/bare")" \
        "$(tail -n 1 "$WORK/strace")" "$(tail -n 1 "$WORK/ktrace")" \
        "$(tail -n 1 "$WORK/bare-fast")" "$(tail -n 1 "$WORK/own-filter")" "$(tail -n 1 "$WORK/seccomp")"
    printf '         in 200 threads: bare %s  strace %s  ktrace %s;  script, us: bare %s  strace %s  ktrace %s  log %s;  files: bare %s  --seccomp %s\n' \
        "$(tail -n 1 "$WORK/bare-threads")" "$(tail -n 1 "$WORK/strace-threads")" "$(tail -n 1 "$WORK/ktrace-threads")" \
        "$(tail -n 1 "$WORK/bare-script")" "$(tail -n 1 "$WORK/strace-script")" "$(tail -n 1 "$WORK/ktrace-script")" \
        "$(tail -n 1 "$WORK/log-script")" "$(tail -n 1 "$WORK/bare-reading")" "$(tail -n 1 "$WORK/seccomp-reading")"
done

added() {
    paste -d ' ' "$WORK/$1" "$WORK/${2:-bare}" | awk '{ print $1 - $2 }' | median
}

bound "time that ktrace -c ptrace adds to a call, to that of strace -f -o /dev/null" \
    "$(awk -v a="$(added ktrace)" -v b="$(added strace)" 'BEGIN { printf "%.3f", a / b }')" "<=" 1.1
bound "the same, of 200 threads" \
    "$(awk -v a="$(added ktrace-threads bare-threads)" -v b="$(added strace-threads bare-threads)" 'BEGIN { printf "%.3f", a / b }')" \
    "<=" 1.1
for way in ktrace log; do
    bound "time that $way -c ptrace adds to a script of real programs, to that of strace -f -o /dev/null" \
        "$(awk -v a="$(added $way-script bare-script)" -v b="$(added strace-script bare-script)" 'BEGIN { printf "%.3f", a / b }')" \
        "<=" 1.1
done
ratio() {
    paste -d ' ' "$WORK/$1" "$WORK/$2" | awk '{ print $1 / $2 }' | median
}

bound "programs that read files under --seccomp, of whose calls none is asked for, to bare ones" \
    "$(ratio seccomp-reading bare-reading)" "<=" 1.1
bound "a loop of calls under --seccomp of which none is asked for, to one with a filter of its own" \
    "$(ratio seccomp own-filter)" "<=" 1.1
echo "      the same to the bare loop: $(ratio seccomp bare-fast); what a filter of its own costs: $(ratio own-filter bare-fast)"
exit $STATUS
