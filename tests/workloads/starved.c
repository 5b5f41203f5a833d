/*
 * A pipeline of three stages, of which stage1 has to share its CPU with the three threads of hog, which compute all the time.
 *
 *   starved [ROUNDS]
 *
 * At the end one line of JSON: workload, and by name the pid of stage0, stage1, stage2 and hog.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STAGES = 3, HOGS = 3, STEP_NS = 5000000 };

static int rounds = 50;
static int pipes[STAGES - 1][2];

static void stay_on(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    must(sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

static int64_t cpu_time_ns(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), "clock_gettime");
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void stage(int number)
{
    char block[4096];
    memset(block, 'x', sizeof(block));
    for (int i = 0; i < rounds; i++) {
        if (number > 0)
            must(read(pipes[number - 1][0], block, sizeof(block)), "read");
        for (int64_t until = cpu_time_ns() + (number == 1 ? STEP_NS : 0); cpu_time_ns() < until;) {
        }
        if (number < STAGES - 1)
            must(write(pipes[number][1], block, sizeof(block)), "write");
    }
}

static void *computes(void *unused)
{
    for (volatile long i = 0;; i++) {
    }
    return unused;
}

static void hog(void)
{
    for (int i = 1; i < HOGS; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, computes, NULL) != 0)
            die("pthread_create");
    }
    computes(NULL);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"stage0", "stage1", "stage2", "hog"};
    pid_t pids[STAGES + 1];
    if (argc > 1)
        rounds = atoi(argv[1]);
    for (int i = 0; i < STAGES - 1; i++)
        must(pipe(pipes[i]), "pipe");
    int cpu = must(sched_getcpu(), "sched_getcpu");
    for (int i = 0; i <= STAGES; i++) {
        pids[i] = fork_child();
        if (pids[i] != 0)
            continue;
        must(prctl(PR_SET_NAME, names[i]), "prctl");
        if (i == 1 || i == STAGES)
            stay_on(cpu);
        if (i == STAGES)
            hog();
        stage(i);
        _exit(0);
    }
    int status;
    for (int i = 0; i < STAGES; i++)
        must(waitpid(pids[i], &status, 0), "waitpid");
    must(kill(pids[STAGES], SIGKILL), "kill");
    must(waitpid(pids[STAGES], &status, 0), "waitpid");
    printf("{\"workload\":\"starved\"");
    for (int i = 0; i <= STAGES; i++)
        printf(",\"%s\":%d", names[i], pids[i]);
    printf("}\n");
    return 0;
}
