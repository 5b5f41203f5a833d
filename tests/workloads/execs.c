/*
 * Execs that are hard to follow. In each, CALLS getppid calls come before the exec and CALLS after it.
 *
 *   execs thread [CALLS]              a thread that is not the leader execs: its tid ends, the leader's number goes on
 *   execs setuid UID PATH [CALLS]     becomes user UID, then execs PATH, a copy of this program that the kernel holds back from
 *                                     tracing by that user: it is setuid-root, has capabilities, or may not be read. The calls
 *                                     after it take a second and more, so that a tracer that comes back misses few of them
 *   execs chain [CALLS]               execs twice under the same pid
 *
 * The last image prints {"workload":"execs","mode":...,"pid":...,"uid":...,"euid":...,"callsBefore":N,"callsAfter":N};
 * in mode thread also "execTid", the tid of the thread that called execve.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *calls = "100";

static void work(void)
{
    for (int i = 0; i < atoi(calls); i++)
        syscall(SYS_getppid);
}

static void work_slowly(void)
{
    for (int i = 0; i < atoi(calls); i++) {
        if (i % 100 == 0)
            usleep(500);
        syscall(SYS_getppid);
    }
}

static void exec_last(const char *path, const char *mode, int before, pid_t tid)
{
    char before_text[16], tid_text[16];
    snprintf(before_text, sizeof before_text, "%d", before);
    snprintf(tid_text, sizeof tid_text, "%d", tid);
    execl(path, "execs", "--last", mode, calls, before_text, tid_text, NULL);
    die("execl");
}

static void *exec_from_thread(void *unused)
{
    work();
    exec_last("/proc/self/exe", "thread", atoi(calls), my_tid());
    return unused;
}

static void print_last(char **argv)
{
    calls = argv[3];
    if (strcmp(argv[2], "setuid") == 0)
        work_slowly();
    else
        work();
    printf("{\"workload\":\"execs\",\"mode\":\"%s\",\"pid\":%d,\"uid\":%d,\"euid\":%d,\"callsBefore\":%s,"
           "\"callsAfter\":%s,\"execTid\":%s}\n", argv[2], getpid(), getuid(), geteuid(), argv[4], calls, argv[5]);
}

static void become(uid_t uid)
{
    must(setgroups(0, NULL), "setgroups");
    must(setresgid(uid, uid, uid), "setresgid");
    must(setresuid(uid, uid, uid), "setresuid");
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    if (strcmp(mode, "--last") == 0 && argc == 6)
        print_last(argv);
    else if (strcmp(mode, "thread") == 0) {
        calls = argc > 2 ? argv[2] : calls;
        pthread_t thread;
        if (pthread_create(&thread, NULL, exec_from_thread, NULL) != 0)
            die("pthread_create");
        pause();
    } else if (strcmp(mode, "setuid") == 0 && argc > 3) {
        calls = argc > 4 ? argv[4] : calls;
        become(atoi(argv[2]));
        work();
        exec_last(argv[3], "setuid", atoi(calls), 0);
    } else if (strcmp(mode, "chain") == 0) {
        calls = argc > 2 ? argv[2] : calls;
        work();
        execl("/proc/self/exe", "execs", "--middle", calls, NULL);
    } else if (strcmp(mode, "--middle") == 0 && argc == 3) {
        calls = argv[2];
        work();
        exec_last("/proc/self/exe", "chain", 2 * atoi(calls), 0);
    } else {
        fprintf(stderr, "usage: %s thread|chain [CALLS] | setuid UID PATH [CALLS]\n", argv[0]);
        return 2;
    }
    return 0;
}
