/*
 * Processes and threads that come and go.
 *
 *   churn [--forks N] [--execs N] [--threads N] [--reuse N] [--wait-go]      (default: 100 of the first three)
 *
 * --forks: children that make CALLS getppid calls and exit; --execs: children that exec this program to do so;
 * --threads: threads that do so, one after the other; --reuse: children that all have the same pid (clone3 with set_tid:
 * needs CAP_CHECKPOINT_RESTORE), each reading a byte from a pipe of its own. Prints how many there were:
 *   {"workload":"churn","pid":...,"forks":...,"execs":...,"threads":...,"reuse":...,"reusedPid":...,"calls":...}
 * with calls the exact number of getppid calls of all of them.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS 10

static void *work(void *unused)
{
    for (int i = 0; i < CALLS; i++)
        syscall(SYS_getppid);
    return unused;
}

static void reap(pid_t pid)
{
    int status;
    must(waitpid(pid, &status, 0), "waitpid");
    if (status != 0)
        die("a child failed");
}

static void fork_one(bool exec)
{
    pid_t pid = must(fork(), "fork");
    if (pid == 0) {
        if (exec) {
            execl("/proc/self/exe", "churn", "--work", NULL);
            _exit(1);
        }
        work(NULL);
        _exit(0);
    }
    reap(pid);
}

static void thread_one(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, work, NULL) != 0 || pthread_join(thread, NULL) != 0)
        die("pthread_create");
}

static void reuse_one(pid_t *wanted)
{
    int ends[2];
    char byte = 'x';
    must(pipe(ends), "pipe");
    struct clone_args args = { .exit_signal = SIGCHLD };
    if (*wanted) {
        args.set_tid = (uintptr_t) wanted;
        args.set_tid_size = 1;
    }
    pid_t pid = must(syscall(SYS_clone3, &args, sizeof args), "clone3");
    if (pid == 0) {
        work(NULL);
        must(read(ends[0], &byte, 1), "read");
        _exit(0);
    }
    *wanted = pid;
    sleep_ns(20000000);     /* long enough for the child to wait, on a busy machine too */
    must(write(ends[1], &byte, 1), "write");
    close(ends[0]);
    close(ends[1]);
    reap(pid);
}

int main(int argc, char **argv)
{
    int forks = 100, execs = 100, threads = 100, reuse = 0;
    bool wait_go = false;
    pid_t reused = 0;
    for (int i = 1; i < argc; i++) {
        int value = i + 1 < argc ? atoi(argv[i + 1]) : 0;
        if (strcmp(argv[i], "--work") == 0)
            return work(NULL) != NULL;
        else if (strcmp(argv[i], "--wait-go") == 0)
            wait_go = true;
        else if (strcmp(argv[i], "--forks") == 0)
            forks = value, i++;
        else if (strcmp(argv[i], "--execs") == 0)
            execs = value, i++;
        else if (strcmp(argv[i], "--threads") == 0)
            threads = value, i++;
        else if (strcmp(argv[i], "--reuse") == 0)
            reuse = value, i++;
        else {
            fprintf(stderr, "%s: unknown option %s\n", argv[0], argv[i]);
            return 2;
        }
    }
    if (wait_go) {
        char line[16];
        printf("{\"ready\":true,\"waiterPid\":%d,\"wakerPid\":0}\n", getpid());
        fflush(stdout);
        must(read(STDIN_FILENO, line, sizeof line), "read");
    }
    for (int i = 0; i < forks; i++)
        fork_one(false);
    for (int i = 0; i < execs; i++)
        fork_one(true);
    for (int i = 0; i < threads; i++)
        thread_one();
    for (int i = 0; i < reuse; i++)
        reuse_one(&reused);
    printf("{\"workload\":\"churn\",\"pid\":%d,\"forks\":%d,\"execs\":%d,\"threads\":%d,\"reuse\":%d,\"reusedPid\":%d,"
           "\"calls\":%d}\n", getpid(), forks, execs, threads, reuse, reused,
           CALLS * (forks + execs + threads + reuse));
    return 0;
}
