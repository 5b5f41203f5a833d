/*
 * A zombie: the child has exited, and its parent does not wait for it. Prints
 *   {"ready":true,"workload":"zombie","pid":...,"zombiePid":...}
 * when the child is one, and sleeps until stdin ends.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    pid_t child = fork_child();
    if (child == 0)
        _exit(0);
    siginfo_t info;
    must(waitid(P_PID, child, &info, WEXITED | WNOWAIT), "waitid");
    printf("{\"ready\":true,\"workload\":\"zombie\",\"pid\":%d,\"zombiePid\":%d}\n", getpid(), child);
    fflush(stdout);
    char bytes[64];
    while (read(STDIN_FILENO, bytes, sizeof bytes) > 0)
        ;
    return 0;
}
