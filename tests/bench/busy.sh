#!/bin/bash
# ktrace -d 1s beside eight programs that want the CPU all the time: from the start of its process to tracing, from there to its
# end, and how much of the traced threads' time is unknown; of one of the eight, and of the whole system.
#   tests/bench/busy.sh [ROUNDS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
rounds=${1:-9}
machine
for ((i = 0; i < 8; i++)); do
    sh -c 'while :; do :; done' &
    STARTED+=($!)
done
sleep 1

# measure NAME ARGUMENT...: one that measures all the time, for a program that is started to tell the time would wait for a CPU.
measure() {
    local name=$1
    shift
    python3 - "$rounds" "$WORK" "$KTRACE" "$@" <<'PY' || cannot "ktrace failed: $(cat "$WORK/busy.log")"
import json, statistics, subprocess, sys, time
rounds, work, ktrace, *arguments = sys.argv[1:]
command = [ktrace, '--force', f'--json={work}/busy.json', '-c', 'perf', '-d', '1s'] + arguments
starts, ends, unknown = [], [], []
for _ in range(int(rounds)):
    before = time.monotonic_ns()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=open(f'{work}/busy.log', 'w'), stderr=subprocess.STDOUT)
    end = time.monotonic_ns()
    last = json.loads(open(f'{work}/busy.json').readlines()[-1])
    starts.append((last['startNs'] - before) // 1000000)
    ends.append((end - last['startNs']) // 1000000)
    states = [process['states'] for process in last['processes']]
    all = sum(s[k] for s in states for k in ('runningNs', 'runnableNs', 'blockedNs', 'unknownNs'))
    unknown.append(100 * sum(s['unknownNs'] for s in states) / all)
print(f'{sorted(starts)} ms to tracing, {sorted(ends)} ms from there to the end, {statistics.median(unknown):.1f} % unknown')
open(f'{work}/starts', 'w').write(str(statistics.median(starts)))
open(f'{work}/ends', 'w').write(str(statistics.median(ends)))
PY
    bound "$name: ms from start to tracing (median)" "$(cat "$WORK/starts")" '<' 1000
    bound "$name: ms from tracing to the end of -d 1s (median)" "$(cat "$WORK/ends")" '<=' 1300
}

measure "one process" -p "${STARTED[0]}"
measure "whole system" -a
exit $STATUS
