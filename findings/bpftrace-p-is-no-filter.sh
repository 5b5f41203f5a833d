#!/usr/bin/env bash
# What:     bpftrace -p PID and -c COMMAND do not restrict tracepoints, kernel probes or timers to that process: the events of the
#           whole system are counted.
# Version:  bpftrace 0.17.0-1 (Debian 12).
# Surprise: -p and a command mean "only this one" in strace, ltrace, perf record, perf trace and gdb, and no message says that here
#           the option is only where user-level probes are looked for. The figures look plausible on a quiet machine.
# Who:      those who count a program's system calls with bpftrace -c.
# Instead:  a filter: /pid == cpid/ with -c, /pid == $1/ and the id as an argument otherwise.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs root, BPF and python3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
children=()
trap '((${#children[@]} == 0)) || kill "${children[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' bpftrace 2>/dev/null || true)
if [[ $found != 0.17.0-1 ]]; then
    apt-get -qq install -y --no-install-recommends bpftrace=0.17.0-1 >&2 || exit 2
fi
echo "version: $(bpftrace --version)"

# One process makes calls of getppid all the time, the other makes none.
python3 -c '
import os, time
while True:
    os.getppid()
    time.sleep(0.001)' & children+=($!)
sleep 60 & children+=($!)
calls() { # bpftrace's options: the calls of getppid by anybody within a second
    bpftrace "$@" -e 'tracepoint:syscalls:sys_enter_getppid { @calls = count(); } interval:s:1 { exit(); }' 2> errors.txt \
        | sed -nE 's/^@calls: //p'
}
pid=$(calls -p "${children[1]}") command=$(calls -c '/usr/bin/sleep 5')
echo "expected: no call of getppid by a process that sleeps"
echo "seen:     with -p: ${pid:-none}; with -c \"/usr/bin/sleep 5\": ${command:-none}"
((${pid:-0} > 10 && ${command:-0} > 10)) || { cat errors.txt >&2; echo "changed"; exit 1; }
