/*
 * Two threads, each on a CPU of its own where there are two, that take turns: most wake-ups meet a thread that is just going to
 * wait.
 *
 *   pingpong futex|pipe [ROUNDS]
 *
 * A round is one turn of both. At the end one line of JSON: pid, rounds.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int rounds = 20000;
static int by_futex;
static int ping, pong;
static int to_second[2], to_first[2];

static void pin(int which)
{
    cpu_set_t all, one;
    must(sched_getaffinity(0, sizeof(all), &all), "sched_getaffinity");
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && which >= 0; cpu++)
        if (CPU_ISSET(cpu, &all) && which-- == 0)
            CPU_SET(cpu, &one);
    if (CPU_COUNT(&one) == 1)
        must(sched_setaffinity(0, sizeof(one), &one), "sched_setaffinity");
}

/* As long as the other takes to go to wait. */
static void work(void)
{
    for (volatile int i = 0; i < 3000; i++) {
    }
}

static void await(int *word, int fd)
{
    char byte;
    if (by_futex)
        while (__atomic_exchange_n(word, 0, __ATOMIC_ACQ_REL) == 0)
            syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0);
    else
        must(read(fd, &byte, 1), "read");
}

static void tell(int *word, int fd)
{
    if (by_futex) {
        __atomic_store_n(word, 1, __ATOMIC_RELEASE);
        syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0);
    } else {
        must(write(fd, "x", 1), "write");
    }
}

static void *second(void *unused)
{
    pin(1);
    for (int i = 0; i < rounds; i++) {
        await(&ping, to_second[0]);
        work();
        tell(&pong, to_first[1]);
    }
    return unused;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        die("pingpong futex|pipe [ROUNDS]");
    by_futex = strcmp(argv[1], "futex") == 0;
    if (argc > 2)
        rounds = atoi(argv[2]);
    must(pipe(to_second), "pipe");
    must(pipe(to_first), "pipe");
    pthread_t thread;
    pin(0);
    if (pthread_create(&thread, NULL, second, NULL) != 0)
        die("pthread_create");
    for (int i = 0; i < rounds; i++) {
        tell(&ping, to_second[1]);
        work();
        await(&pong, to_first[0]);
    }
    pthread_join(thread, NULL);
    printf("{\"workload\":\"pingpong\",\"pid\":%d,\"rounds\":%d}\n", getpid(), rounds);
    return 0;
}
