/*
 * Ends that are hard to see.
 *
 *   ends requests          a thread every 3 ms that lives for 60 ms, as in a server with a thread for each request; prints
 *                          {"ready":true,"workload":"ends","waiterPid":...} and goes on until stdin ends
 *   ends memory MIB        a child that touches MIB of memory, which it gives back on its way out, and that is waited for; prints
 *                          {"workload":"ends","pid":...,"childPid":...,"childCpuNs":...} with the CPU time by getrusage(2)
 */
#define _GNU_SOURCE
#include "measure.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void *request(void *unused)
{
    sleep_ns(60000000);
    return unused;
}

static void serve(void)
{
    printf("{\"ready\":true,\"workload\":\"ends\",\"waiterPid\":%d}\n", getpid());
    fflush(stdout);
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&detached, 64 * 1024);
    struct pollfd end = { .fd = STDIN_FILENO, .events = POLLIN };
    while (poll(&end, 1, 3) == 0) {
        pthread_t thread;
        if (pthread_create(&thread, &detached, request, NULL) != 0)
            die("pthread_create");
    }
}

static void touch(size_t bytes)
{
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        die("mmap");
    madvise(memory, bytes, MADV_NOHUGEPAGE);
    memset(memory, 1, bytes);
}

static int64_t ns(struct timeval time)
{
    return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL;
}

static void wait_for_child(size_t bytes)
{
    pid_t child = must(fork(), "fork");
    if (child == 0) {
        touch(bytes);
        _exit(0);
    }
    int status;
    struct rusage used;
    must(wait4(child, &status, 0, &used), "wait4");
    printf("{\"workload\":\"ends\",\"pid\":%d,\"childPid\":%d,\"childCpuNs\":%lld}\n", getpid(), child,
           (long long) (ns(used.ru_utime) + ns(used.ru_stime)));
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "requests") == 0)
        serve();
    else if (argc == 3 && strcmp(argv[1], "memory") == 0)
        wait_for_child((size_t) atoi(argv[2]) << 20);
    else {
        fprintf(stderr, "usage: %s requests | memory MIB\n", argv[0]);
        return 2;
    }
    return 0;
}
