/*
 * File descriptors that carry events.
 *   eventfd     read of an eventfd at zero, until the child adds one
 *   eventfd-write   write that would overflow the counter, until the child reads it
 *   signalfd    read of a signalfd, until the child sends the signal
 *   timerfd     read of a timerfd; a timer ends it: nobody's interrupt
 *   inotify     read of an inotify queue, until the child creates a file
 *   tty         read of a pty's slave side, until the child writes to its master side (a kernel worker carries it over)
 *   pidfd       poll of a pidfd, until that child exits
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define FULL 0xfffffffffffffffeULL

static int fd, master;
static char buffer[4096];
static uint64_t value;
static pid_t target;

static void name_fd(void) { object_is_fd(fd); }
static void read_value(void) { must(read(fd, &value, sizeof value), "read"); }
static void read_buffer(void) { must(read(fd, buffer, sizeof buffer), "read"); }

static void make_eventfd(void) { fd = must(eventfd(0, 0), "eventfd"); }

static void add_one(void)
{
    value = 1;
    must(write(fd, &value, sizeof value), "write");
}

/* Two events before one read would be one: then one wait would never end. */
static void take_turns(void) { }

static void make_full_eventfd(void)
{
    make_eventfd();
    value = FULL;
    must(write(fd, &value, sizeof value), "write");
}

static void add_and_stay_full(void)
{
    value = FULL;
    must(write(fd, &value, sizeof value), "write");
}

static void make_signalfd(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    fd = must(signalfd(-1, &set, 0), "signalfd");
    target = getpid();
}

static void send_signal(void) { must(kill(target, SIGUSR1), "kill"); }

static void make_timerfd(void)
{
    fd = must(timerfd_create(CLOCK_MONOTONIC, 0), "timerfd_create");
    name_fd();
}

static void arm_timer(void)
{
    struct itimerspec once = { .it_value = { option_ns / 1000000000, option_ns % 1000000000 } };
    must(timerfd_settime(fd, 0, &once, NULL), "timerfd_settime");
}

static void make_inotify(void)
{
    fd = must(inotify_init1(0), "inotify_init1");
    must(inotify_add_watch(fd, private_dir(), IN_CREATE), "inotify_add_watch");
}

static void create_file(void)
{
    static int number;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%d", private_dir(), number++);
    close(must(creat(path, 0600), "creat"));
}

static void make_pty(void)
{
    struct termios raw;
    must(openpty(&master, &fd, NULL, NULL, NULL), "openpty");
    must(tcgetattr(fd, &raw), "tcgetattr");
    cfmakeraw(&raw);
    must(tcsetattr(fd, TCSANOW, &raw), "tcsetattr");
}

static void keep_slave(void) { close(master); name_fd(); }
static void keep_master(void) { close(fd); }
static void type(void) { must(write(master, "x", 1), "write"); }

static void new_child(void)
{
    target = fork_child();
    if (target == 0) {
        sleep_ns(option_ns);
        _exit(0);
    }
    waker_is(target);
    fd = must(syscall(SYS_pidfd_open, target, 0), "pidfd_open");
    name_fd();
}

static void poll_child(void)
{
    struct pollfd one = { .fd = fd, .events = POLLIN };
    must(poll(&one, 1, -1), "poll");
}

static void reap(void)
{
    siginfo_t info;
    must(waitid(P_PIDFD, fd, &info, WEXITED), "waitid");
    close(fd);
}

static const struct scenario scenarios[] = {
    { .mode = "eventfd", .kind = "eventfd", .syscall = "read", .evidence = "object", .setup = make_eventfd,
      .waiter = name_fd, .wait = read_value, .hold = take_turns, .wake = add_one },
    { .mode = "eventfd-write", .kind = "eventfd", .syscall = "write", .evidence = "object",
      .setup = make_full_eventfd, .waiter = name_fd, .wait = add_and_stay_full, .wake = read_value },
    { .mode = "signalfd", .kind = "signalfd", .syscall = "read", .evidence = "object", .setup = make_signalfd,
      .waiter = name_fd, .wait = read_buffer, .hold = take_turns, .wake = send_signal },
    { .mode = "timerfd", .kind = "timerfd", .syscall = "read", .evidence = "interrupt", .setup = make_timerfd,
      .prepare = arm_timer, .wait = read_value },
    { .mode = "inotify", .kind = "inotify", .syscall = "read", .evidence = "object", .setup = make_inotify,
      .waiter = name_fd, .wait = read_buffer, .hold = take_turns, .wake = create_file,
      .cleanup = remove_private_dir },
    { .mode = "tty", .kind = "tty", .syscall = "read", .evidence = "object", .setup = make_pty,
      .waiter = keep_slave, .waker = keep_master, .wait = read_buffer, .hold = take_turns, .wake = type },
    { .mode = "pidfd", .kind = "child", .syscall = "poll", .evidence = "object", .prepare = new_child,
      .wait = poll_child, .settle = reap, .settles_first = true },
};

int main(int argc, char **argv)
{
    return RUN("event", scenarios);
}
