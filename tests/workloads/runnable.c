/*
 * Two processes that both want one CPU: each stands in line for about half of the time.
 *
 *   runnable [MILLISECONDS]
 *
 * Prints {"workload":"runnable","cpu":N,"processes":[{"pid":...,"loopNs":...,"cpuNs":...,"runDelayNs":...,
 * "switchesInvoluntary":...},...]}: loopNs by the wall clock, cpuNs by CLOCK_THREAD_CPUTIME_ID, runDelayNs by
 * /proc/thread-self/schedstat. Neither of the two blocks in its loop: loopNs - cpuNs is the time it was runnable.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct account { pid_t pid; int64_t loop_ns, cpu_ns, run_delay_ns; long involuntary; };

static int64_t cpu_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static int64_t run_delay_ns(void)
{
    int64_t delay_ns = 0;
    FILE *file = fopen("/proc/thread-self/schedstat", "re");
    if (file) {
        if (fscanf(file, "%*d %ld", &delay_ns) != 1)
            delay_ns = 0;
        fclose(file);
    }
    return delay_ns;
}

static long involuntary(void)
{
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nivcsw;
}

static void burn(struct account *account, int64_t duration_ns)
{
    account->pid = getpid();
    account->run_delay_ns = -run_delay_ns();
    account->involuntary = -involuntary();
    int64_t start_ns = now_ns(), start_cpu_ns = cpu_ns();
    while (now_ns() - start_ns < duration_ns)
        ;
    account->loop_ns = now_ns() - start_ns;
    account->cpu_ns = cpu_ns() - start_cpu_ns;
    account->run_delay_ns += run_delay_ns();
    account->involuntary += involuntary();
}

static void print_account(const struct account *a)
{
    printf("{\"pid\":%d,\"loopNs\":%ld,\"cpuNs\":%ld,\"runDelayNs\":%ld,\"switchesInvoluntary\":%ld}",
           a->pid, a->loop_ns, a->cpu_ns, a->run_delay_ns, a->involuntary);
}

int main(int argc, char **argv)
{
    int64_t duration_ns = argc > 1 ? atol(argv[1]) * 1000000 : 500000000;
    struct account *accounts = shared_memory(2 * sizeof *accounts);
    int cpu = sched_getcpu();
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    must(sched_setaffinity(0, sizeof one, &one), "sched_setaffinity");
    pid_t child = fork_child();
    burn(&accounts[child == 0], duration_ns);
    if (child == 0)
        _exit(0);
    must(waitpid(child, NULL, 0), "waitpid");
    printf("{\"workload\":\"runnable\",\"cpu\":%d,\"processes\":[", cpu);
    print_account(&accounts[0]);
    printf(",");
    print_account(&accounts[1]);
    printf("]}\n");
    return 0;
}
