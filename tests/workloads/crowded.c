/*
 * A process that computes on a CPU that others have most of the time: one that computes as well, and two that are often there and never
 * for long, so that whoever was there last before the first comes back is hardly ever who kept it waiting.
 *
 *   crowded [MILLISECONDS]
 *
 * Prints {"ready":true,"pid":...,"hog":...,"nappers":[...]}. When a line has come on stdin it looks at the hog's CPU time, and again so
 * many milliseconds later (default 1500), and prints
 *   {"workload":"crowded","hogNs":CPU time of the hog between, "wallNs":how long that was}
 */
#define _GNU_SOURCE
#include "measure.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NAP_NS = 500000, STEP_NS = 20000 };

static int64_t clock_ns(clockid_t clock)
{
    struct timespec now;
    must(clock_gettime(clock, &now), "clock_gettime");
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void on_the_cpu(const char *name, int64_t nap_ns)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    must(sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
    must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
    must(prctl(PR_SET_NAME, name), "prctl");
    for (;;) {
        int64_t until = clock_ns(CLOCK_THREAD_CPUTIME_ID) + STEP_NS;
        while (nap_ns == 0 || clock_ns(CLOCK_THREAD_CPUTIME_ID) < until)
            ;
        struct timespec nap = { 0, nap_ns };
        nanosleep(&nap, NULL);
    }
}

static pid_t start(const char *name, int64_t nap_ns)
{
    pid_t pid = fork();
    must(pid, "fork");
    if (pid == 0)
        on_the_cpu(name, nap_ns);
    return pid;
}

int main(int argc, char **argv)
{
    long ms = argc > 1 ? atol(argv[1]) : 1500;
    pid_t target = start("target", 0);
    pid_t hog = start("hog", 0);
    pid_t first = start("napper", NAP_NS);
    pid_t second = start("napper", NAP_NS);
    clockid_t cpu;
    must(clock_getcpuclockid(hog, &cpu), "clock_getcpuclockid");
    printf("{\"ready\":true,\"pid\":%d,\"hog\":%d,\"nappers\":[%d,%d]}\n", target, hog, first, second);
    fflush(stdout);
    if (getchar() != EOF) {
        int64_t ran = clock_ns(cpu), begin = clock_ns(CLOCK_MONOTONIC);
        usleep(ms * 1000);
        printf("{\"workload\":\"crowded\",\"hogNs\":%lld,\"wallNs\":%lld}\n", (long long)(clock_ns(cpu) - ran),
               (long long)(clock_ns(CLOCK_MONOTONIC) - begin));
        fflush(stdout);
    }
    while (getchar() != EOF)
        ;
    kill(target, SIGKILL);
    kill(hog, SIGKILL);
    kill(first, SIGKILL);
    kill(second, SIGKILL);
    return 0;
}
