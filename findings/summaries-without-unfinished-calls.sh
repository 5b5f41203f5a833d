#!/usr/bin/env bash
# What:     the summaries of strace -c -w and perf trace -s have only calls that returned while they looked. A thread that is in one
#           call from begin to end does not occur: strace prints no table at all for a process that sleeps all the time.
# Version:  strace 6.1-0.1, linux-perf 6.1 (both Debian 12).
# Surprise: -w stands for the time that passes, and without -c strace does show the call that it found the process in. The longest
#           wait of all is the one that is missing, and nothing says that a call was still going on.
# Who:      those who attach to a process that hangs, to see what it waits for.
# Instead:  strace -p without -c, for a moment; /proc/PID/syscall or wchan.
# Exit:     0 still so, 1 behaves otherwise now, 2 a version is not to be had. Needs root, python3 and the kernel's tracepoints.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
child=
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download strace=6.1-0.1 >&2 || exit 2
dpkg -x strace_*.deb root
strace=root/usr/bin/strace
found=$(dpkg-query -W -f='${Version}' linux-perf 2>/dev/null || true)
if [[ $found != 6.1.* ]]; then
    apt-get -qq install -y --no-install-recommends linux-perf >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' linux-perf)
fi
echo "version: $("$strace" -V | head -n 1), linux-perf $found"
[[ $found == 6.1.* ]] || exit 2

attached() { # seconds, the tracer's command: its output when it was interrupted after that time
    local tracer seconds=$1
    shift
    "$@" > out.txt 2>&1 &
    tracer=$!
    sleep "$seconds"
    kill -INT "$tracer"
    wait "$tracer" || true
    cat out.txt
}
# One thread waits in a futex call, the other makes short calls.
cat > waits.py <<'PYTHON'
import os, threading, time

lock = threading.Lock()
lock.acquire()
threading.Thread(target=lock.acquire, daemon=True).start()
open("ready", "w").close()
while True:
    time.sleep(0.01)
    os.getppid()
PYTHON
sleep 60 & child=$!
sleeping=$(attached 1 "$strace" -c -w -p "$child" | grep -cv 'strace: Process' || true)
listed=$(attached 1 "$strace" -p "$child" | grep -cE '(nanosleep|restart_syscall)\(' || true)
kill "$child"
python3 waits.py & child=$!
while [[ ! -e ready ]]; do sleep 0.05; done
attached 1.5 perf trace -s -p "$child" > perf.txt
threads=$(grep -c ' events, ' perf.txt || true) short=$(grep -c getppid perf.txt || true)
futexes=$(awk '$1 == "futex" && $4 > 100' perf.txt | wc -l)
echo "expected: a second of clock_nanosleep in strace's table, one of futex in perf's"
echo "seen:     strace of a sleeping process: $sleeping lines in the table of -c -w; without -c $listed call"
echo "          perf trace -s: $threads of 2 threads, rows of getppid $short, of long futex calls $futexes"
[[ $sleeping == 0 && $listed -gt 0 && $threads == 1 && $short == 1 && $futexes == 0 ]] || { echo "changed"; exit 1; }
