#!/bin/bash
# How fast a recorded trace is exported, the whole process with its start, and in how much memory: of a short trace and of one ten
# times as long. Bounds are on CPU time, all threads of Java's together, since others may use the machine.
#   tests/bench/export.sh [CALLS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
calls=${1:-10000000}
machine

# export_as FORMAT NAME: prints the figures, and sets PEAK_MIB
export_as() {
    local from ticks=0 now
    from=$(now_ns)
    "$KTRACE" export "$WORK/$2" --format "$1" -o "$WORK/exported" 2> "$WORK/err" &
    local exporter=$! peak=0 kib
    STARTED+=("$exporter")
    while kib=$(awk '/VmHWM/ { print $2 }' "/proc/$exporter/status" 2>/dev/null) && [[ -n $kib ]]; do
        peak=$kib
        now=$(awk '{ print $14 + $15 }' "/proc/$exporter/stat" 2>/dev/null) && ticks=${now:-$ticks}
        sleep 0.05
    done
    wait "$exporter" || cannot "ktrace export failed: $(cat "$WORK/err")"
    local took=$(($(now_ns) - from))
    PEAK_MIB=$((peak / 1024))
    echo "$2, $1: $(stat -c %s "$WORK/exported" | awk '{ printf "%.0f", $1 / 1048576 }') MiB in $((took / 1000000)) ms, $((ticks * 1000 / $(getconf CLK_TCK))) ms of CPU, peak $PEAK_MIB MiB"
    MILLIONS=$(awk -v n="${EVENTS[$2]}" -v t="$ticks" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.2f", n * hz / t / 1e6 }')
    rm "$WORK/exported"
}

declare -A EVENTS
for name in short long; do
    n=$calls
    [[ $name = long ]] || n=$((calls / 10))
    "$KTRACE" record --force -o "$WORK/$name" -- "$WORKLOADS/getppid" "$n" > "$WORK/out" 2> "$WORK/err" ||
        cannot "ktrace failed: $(cat "$WORK/err")"
    EVENTS[$name]=$(sed -n 's/.*recorded \([0-9]*\) events.*/\1/p' "$WORK/err")
done
for format in perfetto csv json; do
    export_as "$format" short
    short=$PEAK_MIB
    export_as "$format" long
    bound "$format: events exported a second of CPU time, in millions" "$MILLIONS" '>=' 1
    # Java takes heap as long as there is some before it collects: what matters is that ten times the trace needs no more.
    bound "$format: peak MiB of the long trace less that of the short" "$((PEAK_MIB - short))" '<' 128
done
exit $STATUS
