/*
 * Many threads that do nothing but system calls, attached to and let go while they do: are all calls of a window seen, none twice?
 *
 *   busy THREADS
 *
 * Each thread makes getuid calls with pauses; prints {"ready":true,"pid":...}. From a first line on stdin on: getppid at full
 * speed. From a second line on: getuid at full speed, for a second, so that a tracer finds them busy when it lets them go; prints
 *   {"workload":"busy","threads":T,"calls":getppid calls of all threads}
 * as soon as the last getppid has returned. When stdin ends, all threads are joined, and {"ended":T} is printed.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum phase { PAUSING, COUNTED, BUSY, END };

struct worker {
    pthread_t id;
    long calls;
    _Atomic int seen;   /* the phase that it is in; released after its last write of calls */
};

static _Atomic int phase;

static void *work(void *argument)
{
    struct worker *self = argument;
    for (;;) {
        int now = atomic_load(&phase);
        atomic_store(&self->seen, now);
        switch (now) {
        case END:
            return NULL;
        case COUNTED:
            syscall(SYS_getppid);
            self->calls++;
            break;
        case PAUSING:
            sleep_ns(5000000);
            /* fall through */
        default:
            syscall(SYS_getuid);
        }
    }
}

static bool told(void)
{
    char line[16];
    return must(read(STDIN_FILENO, line, sizeof line), "read") > 0;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 0;
    if (threads < 1) {
        fprintf(stderr, "usage: %s THREADS\n", argv[0]);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct worker *workers = calloc(threads, sizeof *workers);
    for (int i = 0; i < threads; i++)
        if (pthread_create(&workers[i].id, NULL, work, &workers[i]) != 0)
            die("pthread_create");
    printf("{\"ready\":true,\"pid\":%d}\n", getpid());
    if (told()) {
        atomic_store(&phase, COUNTED);
        if (told()) {
            long calls = 0;
            atomic_store(&phase, BUSY);
            for (int i = 0; i < threads; i++) {
                while (atomic_load(&workers[i].seen) != BUSY)
                    sleep_ns(1000000);
                calls += workers[i].calls;
            }
            printf("{\"workload\":\"busy\",\"threads\":%d,\"calls\":%ld}\n", threads, calls);
            sleep_ns(1000000000);
            atomic_store(&phase, PAUSING);
            while (told())
                ;
        }
    }
    atomic_store(&phase, END);
    for (int i = 0; i < threads; i++)
        pthread_join(workers[i].id, NULL);
    printf("{\"ended\":%d}\n", threads);
    return 0;
}
