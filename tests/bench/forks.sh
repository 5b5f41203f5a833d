#!/bin/bash
# Memory in a storm of forks: processes, programs and threads that come and go as fast as they can, with all of the host traced.
#   tests/bench/forks.sh [SECONDS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
seconds=${1:-600}
settled=$((seconds / 2))
machine
"$KTRACE" -c perf --force --json="$WORK/forks.json" -a -i 10s -d "${seconds}s" > "$WORK/forks.log" 2>&1 &
tracer=$!
STARTED+=("$tracer")
(
    while kill -0 "$tracer" 2>/dev/null; do
        "$WORKLOADS/churn" --forks 200 --execs 50 --threads 100 > /dev/null
        sleep 0.25
    done
) &
STARTED+=("$!")
begin=$SECONDS
before=0
after=0
while kill -0 "$tracer" 2>/dev/null; do
    sleep 1
    resident=$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$tracer/status" 2>/dev/null || true)
    if [[ -n $resident ]]; then
        if ((SECONDS - begin <= settled)); then
            ((resident > before)) && before=$resident
        else
            ((resident > after)) && after=$resident
        fi
    fi
done
wait "$tracer" || cannot "ktrace failed: $(cat "$WORK/forks.log")"
json "$WORK/forks.json" '"events %d in %.1f s, processes shown %d" % (d["events"], d["durationNs"] / 1e9, len(p))'
bound "lost" "$(json "$WORK/forks.json" 'd["lost"]')" '==' 0
bound "peak resident MiB, second half against the first of $before" "$after" '<=' "$((before + before / 10))"
bound "peak resident MiB" "$after" '<' 600
exit $STATUS
