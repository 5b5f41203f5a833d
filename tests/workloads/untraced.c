/*
 * Children that are not to be traced (CLONE_UNTRACED), by clone and by clone3: each calls getppid and says by its exit status
 * whether that told the truth. Prints {"workload":"untraced","children":2,"wrong":N}.
 */
#define _GNU_SOURCE
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    pid_t parent = getpid();
    int wrong = 0;
    for (int i = 0; i < 2; i++) {
        struct clone_args args = { .flags = CLONE_UNTRACED, .exit_signal = SIGCHLD };
        long child = i == 0 ? syscall(SYS_clone, (long) (CLONE_UNTRACED | SIGCHLD), 0L, 0L, 0L, 0L)
                            : syscall(SYS_clone3, &args, sizeof args);
        if (child == 0)
            _exit(getppid() == parent ? 0 : 1);
        int status = -1;
        wrong += waitpid((pid_t) child, &status, __WALL) != child || status != 0 || args.flags != CLONE_UNTRACED;
    }
    printf("{\"workload\":\"untraced\",\"children\":2,\"wrong\":%d}\n", wrong);
    return wrong;
}
