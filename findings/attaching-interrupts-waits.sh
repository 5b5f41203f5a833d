#!/usr/bin/env bash
# What:     attaching once with strace -p, eu-stack -p or gdb -p ends a wait of the program's: epoll_wait, sigtimedwait and
#           semtimedop return EINTR, though no signal was sent and no handler is there. poll, select and nanosleep go on.
# Version:  strace 6.1, elfutils 0.188, gdb 13.1 (Debian 12); seen with Linux 6.18.
# Surprise: these tools are said to slow a program, not to change what it does. SA_RESTART is no remedy, and eu-stack has let go
#           after some milliseconds. Programs that never met EINTR end with "epoll_wait: Interrupted system call" once looked
#           at.
# Who:      those who take stacks of a production service; authors of ptrace tools; testers who see a failure only when they
#           trace.
# Instead:  tools that do not stop the program (perf, eBPF); in programs, wait again after EINTR even if no signals are handled.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs a C compiler and leave to trace.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
child=
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true; rm -rf "$work"' EXIT
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
need strace 6.1-
need elfutils 0.188-
need gdb 13.1-

cat > waits.c <<'SOURCE'
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <time.h>

/* Waits in the call named, for something that does not happen, and prints how the call ended. */
int main(int count, char **arguments)
{
    struct timespec pause = { 2, 0 };
    const char *call = arguments[count - 1];
    int result = 0;
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
    if (!strcmp(call, "poll")) {
        result = poll(NULL, 0, 2000);
    } else if (!strcmp(call, "select")) {
        struct timeval time = { 2, 0 };
        result = select(0, NULL, NULL, NULL, &time);
    } else if (!strcmp(call, "nanosleep")) {
        result = nanosleep(&pause, NULL);
    } else if (!strcmp(call, "epoll_wait")) {
        struct epoll_event event;
        result = epoll_wait(epoll_create1(0), &event, 1, 2000);
    } else if (!strcmp(call, "sigtimedwait")) {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGUSR1);
        sigprocmask(SIG_BLOCK, &set, NULL);
        result = sigtimedwait(&set, NULL, &pause);
    } else if (!strcmp(call, "semtimedop")) {
        struct sembuf take = { 0, -1, 0 };
        int set = semget(IPC_PRIVATE, 1, 0600);
        result = semtimedop(set, &take, 1, &pause);
        if (result)
            perror("call");
        semctl(set, 0, IPC_RMID);
        return 0;
    }
    if (result)
        perror("call");
    else
        fputs("call: timed out\n", stderr);
    return 0;
}
SOURCE
cc -o waits waits.c

for call in epoll_wait sigtimedwait semtimedop poll select nanosleep; do
    for tool in "timeout 0.5 strace -o trace.txt -p" "eu-stack -p" "gdb -batch -ex bt -p"; do
        ./waits "$call" 2> end.txt &
        child=$!
        sleep 0.2
        $tool "$child" > tool.txt 2>&1 || true
        wait "$child"
        child=
        echo "$call, ${tool#timeout 0.5 }: $(sed 's/call: //; s/Resource temporarily unavailable/timed out/' end.txt)"
    done
done | sed -E 's/ -o trace.txt| -batch -ex bt//' > seen.txt
echo "expected: all waits last until they time out"
sed 's/^/seen:     /' seen.txt
for call in epoll_wait sigtimedwait semtimedop; do
    for tool in strace eu-stack gdb; do echo "$call, $tool -p: Interrupted system call"; done
done > expected.txt
for call in poll select nanosleep; do
    for tool in strace eu-stack gdb; do echo "$call, $tool -p: timed out"; done
done >> expected.txt
cmp -s seen.txt expected.txt || { echo "changed"; exit 1; }
