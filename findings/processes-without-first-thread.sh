#!/usr/bin/env bash
# What:     once a program's main() has ended by pthread_exit() while other threads go on, ps says "defunct", and its open files
#           and memory are gone for lsof, pmap and ss -p: a socket that takes connections has no owner. strace -p and eu-stack
#           fail, though threads are there that they could attach to, and gdb says that the process has already terminated.
# Version:  procps 2:4.0.2, lsof 4.95.0, iproute2 6.1.0, strace 6.1, elfutils 0.188 (Debian 12).
# Surprise: POSIX lets a first thread end early, and kill, /proc/PID/task and the process's CPU time work on. But the links and
#           maps in /proc/PID are those of the first thread, which has given its files and memory back.
# Who:      those who look for a port's owner or for a deleted file that is held, and tools that read /proc/PID/fd or
#           /proc/PID/maps, or attach to all threads and give up at the first refusal.
# Instead:  read /proc/PID/task/*/fd and maps of a thread that lives; ss -T, lsof -a -K -p PID, strace -p with that thread's id.
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
need procps 2:4.0.2-
need lsof 4.95.0-
need iproute2 6.1.0-
need strace 6.1-
need elfutils 0.188-

cat > server.c <<'SOURCE'
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener;

static void *serve(void *unused)
{
    for (;;)
        close(accept(listener, NULL, NULL));
    return unused;
}

int main(void)
{
    pthread_t thread;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (void *) &address, length) || listen(listener, 5)
            || getsockname(listener, (void *) &address, &length))
        return 1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    pthread_create(&thread, NULL, serve, NULL);
    pthread_exit(NULL);
}
SOURCE
cc -pthread -o server server.c
./server > port &
child=$!
for _ in {1..100}; do [[ $(ps -o stat= -p "$child") == Z* ]] && break; sleep 0.05; done
port=$(<port)
thread=$(find "/proc/$child/task" -mindepth 1 -maxdepth 1 -printf '%f\n' | grep -vx "$child")

{
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "connects: yes"; else echo "connects: no"; fi
    echo "ps: $(ps -o state=,args= -p "$child")"
    echo "lsof: $(lsof -w -nP -p "$child" | wc -l) lines; with -K: $(lsof -w -nP -a -K -p "$child" | grep -c LISTEN) listener"
    echo "ss -p: $(ss -Hltnp "sport = $port" | grep -c 'pid=' || true) owners;" \
        "with -T: $(ss -HltnpT "sport = $port" | grep -c 'tid=') owner"
    echo "pmap: $(pmap "$child" | tail -n 1 | tr -s ' ')"
    echo "strace: $({ timeout 5 strace -f -p "$child" 2>&1 || true; } | sed -nE 's/.*(Operation not permitted).*/\1/p')"
    echo "eu-stack: $({ timeout 5 eu-stack -p "$child" 2>&1 || true; } | sed -nE 's/.*(No such process).*/\1/p')"
    echo "eu-stack of the thread: $({ timeout 5 eu-stack -p "$thread" 2>&1 || true; } | grep -c serve || true)"
} > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: the files, the socket's owner and the memory as while main() ran; the remaining thread is attached to"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
connects: yes
ps: Z [server] <defunct>
lsof: 0 lines; with -K: 1 listener
ss -p: 0 owners; with -T: 1 owner
pmap:  total 0K
strace: Operation not permitted
eu-stack: No such process
eu-stack of the thread: 1
SEEN
