#!/bin/bash
# From the start of ktrace's process to the first system call that is traced, by java -jar and by the launcher; and with programs in
# the kernel against perf, one after the other.
#   tests/bench/startup.sh [ROUNDS]
set -euo pipefail
. "$(dirname "$0")/lib.sh"
need
rounds=${1:-9}
java=${JAVA:-}
if [[ -z $java ]]; then
    for java in /usr/lib/jvm/*25*/bin/java "$(command -v java || true)"; do
        [[ -x $java ]] && "$java" -version 2>&1 | grep -q '"2[5-9]' && break
    done
fi
machine

# ktrace's own clock is that of the summary: startNs is when the trace began, on CLOCK_MONOTONIC.
monotonic_ns() {
    python3 -c 'import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC))'
}

# once NAME COMMAND...
once() {
    local before name=$1
    shift
    before=$(monotonic_ns)
    "$@" --force --json="$WORK/start.json" -- true > "$WORK/start.out" 2> "$WORK/start.err" ||
        cannot "$1 failed: $(cat "$WORK/start.err")"
    echo $((($(json "$WORK/start.json" 'd["startNs"]') - before) / 1000000)) >> "$WORK/ms.$name"
}

for ((i = 0; i < rounds; i++)); do
    once launcher "$KTRACE" -c perf
done
for ((i = 0; i < rounds; i++)); do
    once java-jar "$java" -jar target/ktrace.jar -c perf
done
for ((i = 0; i < rounds; i++)); do
    once perf "$KTRACE" -c perf
    once bpf "$KTRACE" -c bpf
done
for name in launcher java-jar perf bpf; do
    echo "$name: $(sort -n "$WORK/ms.$name" | tr '\n' ' ')ms"
done
bound "launcher: ms from start to tracing (median)" "$(median < "$WORK/ms.launcher")" '<' 1000
bound "java -jar: ms from start to tracing (median)" "$(median < "$WORK/ms.java-jar")" '<' 1000
bound "start by bpf / start by perf (medians)" \
    "$(awk -v a="$(median < "$WORK/ms.bpf")" -v b="$(median < "$WORK/ms.perf")" 'BEGIN { printf "%.2f", a / b }')" '<=' 1.2
exit $STATUS
