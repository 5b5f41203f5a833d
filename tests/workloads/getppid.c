/*
 * getppid in a loop: what tracing adds to a system call, and whether every call is seen.
 *
 *   getppid CALLS [--rate CALLS_PER_SECOND] [--threads T] [--wait-go] [--filter]
 *
 * Each of T threads makes CALLS calls, at full speed or, with --rate, in bursts of a millisecond's worth. Prints
 *   {"workload":"getppid","pid":...,"threads":T,"calls":exact number of all threads,"totalNs":...,"nsPerCall":...,"cpuNsPerCall":...}
 * with totalNs the sum of the threads' loops, and cpuNsPerCall what of that they ran: the price of a call without the waits for
 * a CPU that others use. --wait-go as in measure.h. --filter: under a seccomp filter that lets all calls pass.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long calls;
static double rate;
static pthread_barrier_t barrier;

static int64_t thread_cpu_ns(void)
{
    struct timespec time;
    must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time), "clock_gettime");
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static _Atomic int64_t sum_cpu_ns;

static void *loop(void *total_ns)
{
    pthread_barrier_wait(&barrier);
    int64_t start_cpu_ns = thread_cpu_ns();
    int64_t start_ns = now_ns();
    if (rate <= 0) {
        for (long i = 0; i < calls; i++)
            syscall(SYS_getppid);
    } else {
        long made = 0;
        while (made < calls) {
            long due = rate * (now_ns() - start_ns) / 1e9;
            for (; made < due && made < calls; made++)
                syscall(SYS_getppid);
            if (made < calls)
                sleep_ns(1000000);
        }
    }
    *(int64_t *) total_ns = now_ns() - start_ns;
    sum_cpu_ns += thread_cpu_ns() - start_cpu_ns;
    return NULL;
}

static void filter(void)
{
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {1, &allow};
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl");
    must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
}

int main(int argc, char **argv)
{
    int threads = 1;
    bool wait_go = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--rate") == 0 && i + 1 < argc)
            rate = atof(argv[++i]);
        else if (strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
            threads = atoi(argv[++i]);
        else if (strcmp(argv[i], "--wait-go") == 0)
            wait_go = true;
        else if (strcmp(argv[i], "--filter") == 0)
            filter();
        else
            calls = atol(argv[i]);
    }
    if (calls < 1 || threads < 1) {
        fprintf(stderr, "usage: %s CALLS [--rate CALLS_PER_SECOND] [--threads T] [--wait-go] [--filter]\n", argv[0]);
        return 2;
    }
    pthread_t *ids = calloc(threads, sizeof *ids);
    int64_t *total_ns = calloc(threads, sizeof *total_ns);
    pthread_barrier_init(&barrier, NULL, threads);
    if (wait_go) {
        char line[16];
        printf("{\"ready\":true,\"waiterPid\":%d,\"wakerPid\":0}\n", getpid());
        fflush(stdout);
        must(read(STDIN_FILENO, line, sizeof line), "read");
    }
    for (int i = 1; i < threads; i++)
        if (pthread_create(&ids[i], NULL, loop, &total_ns[i]) != 0)
            die("pthread_create");
    loop(&total_ns[0]);
    int64_t sum_ns = total_ns[0];
    for (int i = 1; i < threads; i++) {
        pthread_join(ids[i], NULL);
        sum_ns += total_ns[i];
    }
    printf("{\"workload\":\"getppid\",\"pid\":%d,\"threads\":%d,\"calls\":%ld,\"totalNs\":%ld,\"nsPerCall\":%.1f,\"cpuNsPerCall\":%.1f}\n",
           getpid(), threads, calls * threads, sum_ns, (double) sum_ns / (calls * threads),
           (double) sum_cpu_ns / (calls * threads));
    return 0;
}
