#!/usr/bin/env bash
# What:     in LTTng-UST's traces a thread has the name that it had at its first event: later names of prctl or
#           pthread_setname_np are not shown. The events of a forked child are there, with the process and thread ids of its
#           parent.
# Version:  lttng-tools 2.13.9, liblttng-ust 2.13.5 (Debian 12), read by babeltrace2 2.0.4.
# Surprise: procname, vpid and vtid are contexts that are added to each event, so one expects what holds at the event. They are
#           kept per thread from the first event on, and a fork copies them. The manual names a library to preload for programs
#           that fork; without it, nothing is missing and no error shows: the child's work is the parent's.
# Who:      those who join traces of kernel and user space by thread, count by worker, or name pool threads when they take up
#           work.
# Instead:  LD_PRELOAD=liblttng-ust-fork.so.1 for programs that fork; a name before the first event, or as a field of the event.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs a C compiler.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
daemon=
trap '[[ -z $daemon ]] || { kill "$daemon" && wait "$daemon"; } 2>/dev/null || true; rm -rf "$work"' EXIT
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
need lttng-tools 2.13.9-
need liblttng-ust-dev 2.13.5-
need babeltrace2 2.0.4-

cat > worker.h <<'SOURCE'
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER worker
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./worker.h"
#if !defined(WORKER_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define WORKER_H
#include <lttng/tracepoint.h>
LTTNG_UST_TRACEPOINT_EVENT(worker, step, LTTNG_UST_TP_ARGS(const char *, name, int, pid),
    LTTNG_UST_TP_FIELDS(lttng_ust_field_string(name, name) lttng_ust_field_integer(int, pid, pid)))
#endif
#include <lttng/tracepoint-event.h>
SOURCE
cat > worker.c <<'SOURCE'
#define _GNU_SOURCE
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "worker.h"
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    lttng_ust_tracepoint(worker, step, "start", getpid());
    prctl(PR_SET_NAME, "renamed");
    lttng_ust_tracepoint(worker, step, "after the new name", getpid());
    if (!fork()) {
        lttng_ust_tracepoint(worker, step, "in the child", getpid());
        _exit(0);
    }
    wait(NULL);
    return 0;
}
SOURCE
cc -I. -o worker worker.c -llttng-ust -ldl

export LTTNG_HOME=$work
if ! pgrep -x lttng-sessiond > /dev/null; then
    lttng-sessiond --no-kernel > daemon.txt 2>&1 &
    daemon=$!
    for _ in {1..100}; do lttng -n list > /dev/null 2>&1 && break; sleep 0.1; done
fi

trace() { # folder, then the command
    local folder=$1
    shift
    {
        lttng -n create "worker-$$" -o "$work/$folder"
        lttng -n enable-event -u 'worker:*'
        lttng -n add-context -u -t procname -t vpid
        lttng -n start
        LTTNG_UST_REGISTER_TIMEOUT=3000 env "$@"
        lttng -n stop
        lttng -n destroy
    } > log.txt 2>&1 || { cat log.txt >&2; exit 1; }
    babeltrace2 "$folder" \
        | sed -E 's/.*procname = "([^"]*)", vpid = ([0-9]+) \}, \{ name = "([^"]*)", pid = ([0-9]+).*/\3|\1|\2 \4/' \
        | awk -F'|' '{ split($3, id, " "); print $1 ": named " $2 ", vpid is " (id[1] == id[2] ? "its own" : "another") }'
}
{ trace plain ./worker; echo "preloaded:"; trace preloaded LD_PRELOAD=liblttng-ust-fork.so.1 ./worker; } > seen.txt
echo "expected: renamed from the second event on, each vpid its own"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
start: named worker, vpid is its own
after the new name: named worker, vpid is its own
in the child: named worker, vpid is another
preloaded:
start: named worker, vpid is its own
after the new name: named worker, vpid is its own
in the child: named renamed, vpid is its own
SEEN
