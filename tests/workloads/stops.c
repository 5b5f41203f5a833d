/*
 * Threads that are held still, and waits that end by a signal.
 *   stop            stops itself by SIGSTOP until the waker sends SIGCONT
 *   traced          is stopped by a signal for its debugger, the waker, until that lets it go on
 *   freeze          freezes its own control group (version 2) until the waker thaws it
 *   nanosleep       a sleep that a signal ends
 *   signalfd-child  read of a signalfd, until a child ends
 *   mq-notify       sigtimedwait for the signal of a message queue that the waker sends to
 *   child-stops     waitid for a child that stops itself
 *   tracee-stops    a debugger in wait4, until the waker, which it traces, is stopped by a signal
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t waiter, child;
static int freeze_fd, signal_fd;
static char group[PATH_MAX], root[PATH_MAX];
static sigset_t waited;
static mqd_t queue;
static char queue_name[64];

static void remember_waiter(void) { waiter = getpid(); }
static void take_turns(void) { }

/* -- held still */

static void stop_self(void) { must(kill(getpid(), SIGSTOP), "kill"); }

/* Let go before it is held, it would be held for ever: on a busy machine it comes to that late. */
static void until(const char *path, const char *text)
{
    char found[512] = "";
    while (strstr(found, text) == NULL) {
        int fd = must(open(path, O_RDONLY), path);
        found[must(read(fd, found, sizeof found - 1), path)] = 0;
        close(fd);
        sleep_ns(100000);
    }
}

static void send_cont(void)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", waiter);
    until(path, ") T ");
    must(kill(waiter, SIGCONT), "kill");
}

static void seize_waiter(void) { must(ptrace(PTRACE_SEIZE, waiter, NULL, NULL), "ptrace"); }
static void signal_self(void) { must(kill(getpid(), SIGURG), "kill"); }

static void let_go_on(void)
{
    int status;
    must(waitpid(waiter, &status, __WALL), "waitpid");
    must(ptrace(PTRACE_CONT, waiter, NULL, NULL), "ptrace");
}

static void write_group(const char *directory, const char *file, const char *text)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    int fd = must(open(path, O_WRONLY), path);
    must(write(fd, text, strlen(text)), path);
    close(fd);
}

static void make_group(void)
{
    remember_waiter();
    FILE *mounts = setmntent("/proc/mounts", "r");
    struct mntent *mount;
    while ((mount = getmntent(mounts)) != NULL && strcmp(mount->mnt_type, "cgroup2") != 0)
        ;
    if (mount == NULL)
        die("no cgroup2");
    snprintf(root, sizeof root, "%s", mount->mnt_dir);
    snprintf(group, sizeof group, "%.3000s/ktrace-test-%d", root, waiter);
    endmntent(mounts);
    must(mkdir(group, 0755), "mkdir");
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/cgroup.freeze", group);
    freeze_fd = must(open(path, O_RDWR), path);
    write_group(group, "cgroup.procs", "0");
}

static void stay_outside(void) { write_group(root, "cgroup.procs", "0"); }
static void freeze(void) { must(pwrite(freeze_fd, "1", 1, 0), "write"); }

static void thaw(void)
{
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/cgroup.events", group);
    until(path, "frozen 1");
    must(pwrite(freeze_fd, "0", 1, 0), "write");
}

static void leave_group(void)
{
    write_group(root, "cgroup.procs", "0");
    must(rmdir(group), "rmdir");
}

/* -- ended by a signal */

static void ignore(int number) { (void) number; }

static void handle_signal(void)
{
    remember_waiter();
    struct sigaction action = { .sa_handler = ignore };
    must(sigaction(SIGUSR1, &action, NULL), "sigaction");
}

static void block(int number)
{
    remember_waiter();
    sigemptyset(&waited);
    sigaddset(&waited, number);
    must(sigprocmask(SIG_BLOCK, &waited, NULL), "sigprocmask");
}

static void sleep_long(void)
{
    struct timespec minute = { 60, 0 };
    clock_nanosleep(CLOCK_MONOTONIC, 0, &minute, NULL);
}

/* One that comes before the sleep does not end it. */
static void send_signals(void)
{
    do {
        must(kill(waiter, SIGUSR1), "kill");
        sleep_ns(1000000);
    } while (!is_through());
}

static void make_signalfd(void)
{
    block(SIGCHLD);
    signal_fd = must(signalfd(-1, &waited, 0), "signalfd");
}

static void new_child(void)
{
    child = fork_child();
    if (child == 0) {
        sleep_ns(option_ns);
        _exit(0);
    }
    waker_is(child);
}

static void read_signal(void)
{
    struct signalfd_siginfo info;
    must(read(signal_fd, &info, sizeof info), "read");
}

static void reap(void) { must(waitpid(child, NULL, 0), "waitpid"); }

static void make_queue(void)
{
    block(SIGUSR1);
    snprintf(queue_name, sizeof queue_name, "/ktrace-test-%d", waiter);
    struct mq_attr attributes = { .mq_maxmsg = 4, .mq_msgsize = 8 };
    queue = must(mq_open(queue_name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes), "mq_open");
}

static void ask_for_signal(void)
{
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
    must(mq_notify(queue, &event), "mq_notify");
}

static void await_signal(void)
{
    struct timespec minute = { 60, 0 };
    must(sigtimedwait(&waited, NULL, &minute), "sigtimedwait");
}

static void take_message(void)
{
    char message[8];
    must(mq_receive(queue, message, sizeof message, NULL), "mq_receive");
}

static void send_message(void) { must(mq_send(queue, "x", 1, 0), "mq_send"); }
static void remove_queue(void) { must(mq_unlink(queue_name), "mq_unlink"); }

/* -- waits for stops */

static void new_stopping_child(void)
{
    child = fork_child();
    if (child == 0) {
        sleep_ns(option_ns);
        kill(getpid(), SIGSTOP);
        _exit(0);
    }
    waker_is(child);
}

static void await_stop(void)
{
    siginfo_t info;
    must(waitid(P_PID, child, &info, WSTOPPED), "waitid");
}

static void end_child(void)
{
    must(kill(child, SIGKILL), "kill");
    reap();
}

static void be_traced(void) { must(ptrace(PTRACE_TRACEME, 0, NULL, NULL), "ptrace"); }

static void await_tracee(void)
{
    int status;
    child = must(waitpid(-1, &status, __WALL), "waitpid");
}

static void let_tracee_go_on(void) { must(ptrace(PTRACE_CONT, child, NULL, NULL), "ptrace"); }

static const struct scenario scenarios[] = {
    { .mode = "stop", .kind = "stopped", .syscall = "", .evidence = "object", .setup = remember_waiter, .wait = stop_self,
      .hold = take_turns, .wake = send_cont },
    { .mode = "traced", .kind = "traced", .syscall = "", .evidence = "object", .setup = remember_waiter,
      .waker = seize_waiter, .wait = signal_self, .hold = take_turns, .wake = let_go_on },
    { .mode = "freeze", .kind = "frozen", .syscall = "", .evidence = "object", .setup = make_group, .waker = stay_outside,
      .wait = freeze, .hold = take_turns, .wake = thaw, .cleanup = leave_group },
    { .mode = "nanosleep", .kind = "sleep", .syscall = "clock_nanosleep", .evidence = "object", .setup = handle_signal,
      .wait = sleep_long, .hold = take_turns, .wake = send_signals },
    { .mode = "signalfd-child", .kind = "signalfd", .syscall = "read", .evidence = "object", .setup = make_signalfd,
      .prepare = new_child, .wait = read_signal, .settle = reap },
    { .mode = "mq-notify", .kind = "mqueue", .syscall = "rt_sigtimedwait", .evidence = "object", .setup = make_queue,
      .prepare = ask_for_signal, .wait = await_signal, .settle = take_message, .hold = take_turns, .wake = send_message,
      .cleanup = remove_queue },
    { .mode = "child-stops", .kind = "child", .syscall = "waitid", .evidence = "object", .prepare = new_stopping_child,
      .wait = await_stop, .settle = end_child },
    { .mode = "tracee-stops", .kind = "child", .syscall = "wait4", .evidence = "object", .waker = be_traced,
      .wait = await_tracee, .settle = let_tracee_go_on, .hold = take_turns, .wake = signal_self },
};

int main(int argc, char **argv)
{
    return RUN("stops", scenarios);
}
