/*
 * Threads that are born as fast as can be while a tracer attaches, and make their calls only later: is each of them found?
 *
 *   births MOST
 *
 * Prints {"ready":true,"waiterPid":...}. After a line on stdin a thread is born that has two others born, which end at once so
 * that numbers are used up, then the next that does the same, and waits; and so on, up to MOST or until another line comes. Then all
 * that wait make ten getppid each. Prints {"workload":"births","threads":those that waited,"calls":exact number}.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CALLS = 10 };

static pthread_attr_t small;
static int most;
static atomic_int born, ended, stop, chain_over, released;

static void create(void *(*what)(void *))
{
    pthread_t id;
    if (pthread_create(&id, &small, what, NULL) != 0)
        die("pthread_create");
}

static void *ephemeral(void *unused)
{
    return unused;
}

static void *waiting(void *unused)
{
    if (++born < most && !stop) {
        create(ephemeral);
        create(waiting);
        create(ephemeral);
    } else {
        chain_over = 1;
    }
    while (!released)
        syscall(SYS_futex, &released, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    for (int i = 0; i < CALLS; i++)
        syscall(SYS_getppid);
    ended++;
    return unused;
}

int main(int argc, char **argv)
{
    char line[1];
    most = argc == 2 ? atoi(argv[1]) : 0;
    if (most < 1) {
        fprintf(stderr, "usage: %s MOST\n", argv[0]);
        return 2;
    }
    pthread_attr_init(&small);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&small, PTHREAD_STACK_MIN + 4096);
    printf("{\"ready\":true,\"waiterPid\":%d}\n", getpid());
    fflush(stdout);
    must(read(STDIN_FILENO, line, 1), "read");
    create(waiting);
    must(read(STDIN_FILENO, line, 1), "read");
    stop = 1;
    while (!chain_over)
        sleep_ns(1000000);
    released = 1;
    syscall(SYS_futex, &released, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
    while (ended < born)
        sleep_ns(1000000);
    printf("{\"workload\":\"births\",\"threads\":%d,\"calls\":%d}\n", born, CALLS * born);
    return 0;
}
