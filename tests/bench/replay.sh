#!/bin/bash
# How fast a recorded trace is reported, the whole process with its start, and in how much memory: of a short trace and of one ten
# times as long.
#   tests/bench/replay.sh [CALLS]     65000000 calls make 2 GiB
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
calls=${1:-10000000}
machine

# report NAME CALLS: sets EVENTS, SECONDS_TAKEN and PEAK_MIB
report() {
    "$KTRACE" record --force -o "$WORK/$1" -- "$WORKLOADS/getppid" "$2" > "$WORK/$1.out" 2> "$WORK/$1.err" ||
        cannot "ktrace failed: $(cat "$WORK/$1.err")"
    local from
    from=$(now_ns)
    "$KTRACE" report --json="$WORK/$1.json" "$WORK/$1" > "$WORK/$1.out" 2> "$WORK/$1.err" &
    local reader=$! peak=0 kib
    STARTED+=("$reader")
    while kib=$(awk '/VmHWM/ { print $2 }' "/proc/$reader/status" 2>/dev/null) && [[ -n $kib ]]; do
        peak=$kib
        sleep 0.05
    done
    wait "$reader" || cannot "ktrace report failed: $(cat "$WORK/$1.err")"
    TOOK_NS=$(($(now_ns) - from))
    PEAK_MIB=$((peak / 1024))
    EVENTS=$(json "$WORK/$1.json" 'd["events"]')
    echo "$1: $EVENTS events, $(du -sm "$WORK/$1" | cut -f1) MiB on disk, reported in $((TOOK_NS / 1000000)) ms, peak $PEAK_MIB MiB"
    bound "$1: calls in the report" "$(json "$WORK/$1.json" 'calls("getppid")')" '==' "$2"
    rm -r "${WORK:?}/$1"
}

report short $((calls / 10))
short=$PEAK_MIB
report long "$calls"
bound "events reported a second, in millions" "$(awk -v e="$EVENTS" -v ns="$TOOK_NS" 'BEGIN { printf "%.2f", e * 1000 / ns }')" '>=' 5
bound "peak MiB of the long trace less that of the short" "$((PEAK_MIB - short))" '<' 64
exit $STATUS
