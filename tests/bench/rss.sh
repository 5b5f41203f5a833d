#!/bin/bash
# Memory while a million events a second come in: getppid at half that rate (a call is two events) for ten seconds, by perf and by
# programs in the kernel. The rings are no part of it: they are the kernel's, of a size that was asked for. The kernel counts those
# of bpf as resident where they are mapped, and those of perf not at all.
#   tests/bench/rss.sh [EVENTS_PER_SECOND]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
rate=${1:-1000000}
seconds=10
machine

# Resident KiB of a process, and how many of these are rings.
resident() {
    awk '/^[0-9a-f]+-[0-9a-f]+ / { ring = /anon_inode:(bpf-map|\[perf_event\])/ }
        /^Rss:/ { all += $2; if (ring) rings += $2 }
        END { print all - rings, rings + 0 }' "/proc/$1/smaps" 2>/dev/null || true
}

# measure COLLECTOR
measure() {
    local tracer rings=0 own=0 peak=0 seen
    start "$1" getppid $((rate / 2 * seconds)) --rate $((rate / 2)) --wait-go
    "$KTRACE" -c "$1" --force --json="$WORK/rss.$1.json" -p "$PID" > "$WORK/rss.$1.log" 2>&1 &
    tracer=$!
    STARTED+=("$tracer")
    await "$WORK/rss.$1.json" interval
    go
    while kill -0 "$tracer" 2>/dev/null; do
        # The launcher becomes the JVM by exec, so this is ktrace itself.
        read -r own rings <<< "$(resident "$tracer")" || true
        [[ ${own:-0} -gt $peak ]] && peak=$own && seen=$rings
        sleep 0.1
    done
    wait "$tracer" || cannot "ktrace failed: $(cat "$WORK/rss.$1.log")"
    json "$WORK/rss.$1.json" '"%s: events %d in %.1f s, lost %d, own CPU %.2f s" % (d["collector"], d["events"], d["durationNs"] / 1e9, d["lost"], d["self"]["cpuNs"] / 1e9)'
    echo "$1: rings that are counted as resident: $((seen / 1024)) MiB"
    bound "$1: peak resident MiB, besides rings" "$((peak / 1024))" '<' 300
    bound "$1: events seen" "$(json "$WORK/rss.$1.json" '2 * calls("getppid")')" '==' $((rate / 2 * seconds * 2))
}

measure perf
measure bpf
exit $STATUS
