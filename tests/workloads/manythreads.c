/*
 * Many threads and many open files, all idle: how long does attaching take?
 *
 *   manythreads THREADS FDS
 *
 * FDS pipes' ends and sockets beside the standard three. When all is set up it prints
 *   {"ready":true,"workload":"manythreads","waiterPid":...,"threads":...,"fds":...}
 * and sleeps until stdin ends.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_barrier_t barrier;

static void *idle(void *unused)
{
    pthread_barrier_wait(&barrier);
    pause();
    return unused;
}

int main(int argc, char **argv)
{
    if (argc != 3 || atoi(argv[1]) < 1 || atoi(argv[2]) < 0) {
        fprintf(stderr, "usage: %s THREADS FDS\n", argv[0]);
        return 2;
    }
    int threads = atoi(argv[1]), fds = atoi(argv[2]);
    struct rlimit limit;
    must(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
    limit.rlim_cur = limit.rlim_max;
    must(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
    for (int i = 0; i + 1 < fds; i += 2) {
        int ends[2];
        must(i % 4 ? pipe(ends) : socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "pipe or socketpair");
    }
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 * 1024);
    pthread_barrier_init(&barrier, NULL, threads);
    for (int i = 1; i < threads; i++) {
        pthread_t thread;
        if (pthread_create(&thread, &small, idle, NULL) != 0)
            die("pthread_create");
    }
    pthread_barrier_wait(&barrier);
    printf("{\"ready\":true,\"workload\":\"manythreads\",\"waiterPid\":%d,\"threads\":%d,\"fds\":%d}\n", getpid(),
           threads, fds / 2 * 2 + 3);
    fflush(stdout);
    char bytes[64];
    while (read(STDIN_FILENO, bytes, sizeof bytes) > 0)
        ;
    return 0;
}
