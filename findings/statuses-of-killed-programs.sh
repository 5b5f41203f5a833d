#!/usr/bin/env bash
# What:     perf stat PROGRAM ends with 0 if a signal killed the program, though it passes an exit value of 7 on; with -r the
#           last run alone decides. perf trace and ltrace end with 0 whatever happened, uftrace with 1 for any failure and 2 for
#           a kill.
# Version:  linux-perf 6.1, ltrace 0.7.3, uftrace 0.13, strace 6.1 (Debian 12).
# Surprise: perf record, strace, valgrind and time pass on 7, and 137 for a kill. perf stat is tried with a failing program,
#           seems to do the same, and then a segmentation fault or the kernel's out-of-memory killer makes a green benchmark.
# Who:      CI jobs and scripts that measure a program by putting a tool before it, with set -e or make.
# Instead:  perf stat -- sh -c 'PROGRAM; exit $?', which makes 137 of the kill; for perf trace and ltrace, write the status to a
#           file.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs a C compiler and leave to trace.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

need() { # package, upstream version
    local found
    found=$(dpkg-query -W -f='${Version}' "$1" 2>/dev/null || true)
    if [[ $found != "$2"* ]]; then
        apt-get -qq install -y --no-install-recommends "$1" >&2 || exit 2
        found=$(dpkg-query -W -f='${Version}' "$1")
    fi
    echo "version: $1 $found"
    [[ $found == "$2"* ]] || exit 2
}
need linux-perf 6.1.
need ltrace 0.7.3-
need uftrace 0.13-
need strace 6.1-

cat > end.c <<'SOURCE'
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* end exit N, end kill N, or end once N, which exits with N the first time and with 0 later. */
int main(int count, char **arguments)
{
    int number = atoi(arguments[count - 1]);
    if (arguments[1][0] == 'k')
        raise(number);
    if (arguments[1][0] == 'o')
        return access("done", F_OK) ? (symlink(".", "done"), number) : 0;
    return number;
}
SOURCE
cc -pg -o end end.c
status() { # the tool's status when it runs the program with the last two arguments
    local number=0
    timeout 20 "${@:1:$#-2}" ./end "${@:$#-1}" > output.txt 2>&1 || number=$?
    echo "$number"
}
both() { echo "${*}: $(status "$@" exit 7) and $(status "$@" kill 9)"; }
{
    both strace -f -o trace.txt
    both perf record -q -e task-clock -o perf.data
    both perf stat -e task-clock
    echo "perf stat -r 3, first run fails: $(status perf stat -e task-clock -r 3 once 7)"
    both perf trace
    both ltrace
    both uftrace record --force -d data
    echo "perf stat, kill below sh:" \
        "$(timeout 20 perf stat -e task-clock -- sh -c './end kill 9; exit $?' > output.txt 2>&1 || echo $?)"
} > seen.txt
echo "expected: 7 and 137 from all"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
strace -f -o trace.txt: 7 and 137
perf record -q -e task-clock -o perf.data: 7 and 137
perf stat -e task-clock: 7 and 0
perf stat -r 3, first run fails: 0
perf trace: 0 and 0
ltrace: 0 and 0
uftrace record --force -d data: 1 and 2
perf stat, kill below sh: 137
SEEN
