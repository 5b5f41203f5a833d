#!/bin/bash
# Memory while a million events a second come in: getppid at half that rate (a call is two events) for ten seconds.
#   tests/bench/rss.sh [EVENTS_PER_SECOND]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
rate=${1:-1000000}
seconds=10
machine
start load getppid $((rate / 2 * seconds)) --rate $((rate / 2)) --wait-go
"$KTRACE" --force --json="$WORK/rss.json" -p "$PID" > "$WORK/rss.log" 2>&1 &
tracer=$!
STARTED+=("$tracer")
await "$WORK/rss.json" interval
go
peak=0
while kill -0 "$tracer" 2>/dev/null; do
    # The launcher becomes the JVM by exec, so this is ktrace itself. Rings are not part of it: the kernel holds them.
    resident=$(awk '/^VmHWM/ { print $2 }' "/proc/$tracer/status" 2>/dev/null || true)
    [[ -n $resident ]] && peak=$resident
    sleep 0.1
done
wait "$tracer" || cannot "ktrace failed: $(cat "$WORK/rss.log")"
json "$WORK/rss.json" '"events %d in %.1f s, lost %d, own CPU %.2f s" % (d["events"], d["durationNs"] / 1e9, d["lost"], d["self"]["cpuNs"] / 1e9)'
bound "peak resident MiB" "$((peak / 1024))" '<' 300
bound "events seen" "$(json "$WORK/rss.json" '2 * calls("getppid")')" '==' $((rate / 2 * seconds * 2))
exit $STATUS
