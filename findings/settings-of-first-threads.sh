#!/usr/bin/env bash
# What:     renice -p, ionice -p, taskset -p and chrt -p with a process's id change its first thread only. The other threads that it
#           has by then keep their priority, their class for I/O, their CPUs and their scheduling policy.
# Version:  bsdutils 1:2.38 (renice) and util-linux 2.38 (Debian 12).
# Surprise: renice says "process ID", and answers with the old and the new priority of the process; all end with status 0. What
#           works for threads that are started later, and for processes of one thread, does nothing for a server's pool.
# Who:      those who slow a backup down, or free a CPU of a database: ps -p shows the new figures, the threads' work goes on.
# Instead:  for each of /proc/PID/task/*, or taskset -a and chrt -a.
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had. Needs python3 and two CPUs; root for chrt.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
child=
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

echo "version: util-linux $(dpkg-query -W -f='${Version}' util-linux), bsdutils $(dpkg-query -W -f='${Version}' bsdutils)"
[[ $(dpkg-query -W -f='${Version}' util-linux) == 2.38.* && $(dpkg-query -W -f='${Version}' bsdutils) == 1:2.38.* ]] || exit 2
first_cpu=$(taskset -cp $$ | sed -E 's/.*: ([0-9]+).*/\1/')

python3 -c '
import threading, time
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
open("ready", "w").close()
time.sleep(60)' &
child=$!
while [[ ! -e ready ]]; do sleep 0.05; done
{
    renice -n 7 -p "$child"
    ionice -c 3 -p "$child"
    taskset -cp "$first_cpu" "$child"
    chrt -b -p 0 "$child"
} > changes.txt
nice_of() { awk '{ sub(/.*\) /, ""); print $17 }' "/proc/$child/task/$1/stat"; }
other=$(find "/proc/$child/task" -mindepth 1 -maxdepth 1 -printf '%f\n' | grep -vx "$child")
echo "expected: both threads alike"
for thread in "$child" "$other"; do
    if [[ $(taskset -cp "$thread" | sed 's/.*: //') == "$first_cpu" ]]; then cpus=one; else cpus=several; fi
    echo "nice $(nice_of "$thread"), $(chrt -p "$thread" | sed -nE 's/.*policy: //p'), I/O $(ionice -p "$thread"), CPUs: $cpus"
done > seen.txt
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
nice 7, SCHED_BATCH, I/O idle, CPUs: one
nice 0, SCHED_OTHER, I/O none: prio 0, CPUs: several
SEEN
