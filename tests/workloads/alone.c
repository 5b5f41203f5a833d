/*
 * Waits that no other program ends, but the clock or the kernel.
 *
 *   poll select epoll futex recv sigtimedwait semtimedop mq      a time that the call was given is up
 *   nanosleep empty-select                                      a sleep runs to its end
 *   alarm timerfd polled-timerfd                                a timer goes off
 *   membarrier umount                                           all CPUs have passed a quiet moment (RCU); umount wants root
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mount.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int ends[2], set, semaphores;
static uint32_t word;
static mqd_t queue;
static sigset_t signals;

static struct timespec span(void)
{
    return (struct timespec) { .tv_sec = option_ns / 1000000000, .tv_nsec = option_ns % 1000000000 };
}

static struct timespec until(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t end = now.tv_sec * 1000000000LL + now.tv_nsec + option_ns;
    return (struct timespec) { .tv_sec = end / 1000000000, .tv_nsec = end % 1000000000 };
}

static void make_pipe(void) { must(pipe(ends), "pipe"); }

static void wait_poll(void)
{
    struct pollfd fd = { .fd = ends[0], .events = POLLIN };
    poll(&fd, 1, option_ns / 1000000);
}

static void wait_select(void)
{
    fd_set fds;
    struct timeval time = { .tv_usec = option_ns / 1000 };
    FD_ZERO(&fds);
    FD_SET(ends[0], &fds);
    syscall(SYS_select, ends[0] + 1, &fds, NULL, NULL, &time);
}

static void wait_empty(void)
{
    struct timeval time = { .tv_usec = option_ns / 1000 };
    syscall(SYS_select, 0, NULL, NULL, NULL, &time);
}

static void make_set(void)
{
    struct epoll_event event = { .events = EPOLLIN };
    make_pipe();
    set = must(epoll_create1(0), "epoll_create1");
    must(epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event), "epoll_ctl");
}

static void wait_epoll(void)
{
    struct epoll_event event;
    epoll_wait(set, &event, 1, option_ns / 1000000);
}

static void wait_futex(void)
{
    struct timespec time = span();
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &time, NULL, 0);
}

static void make_sockets(void)
{
    struct timeval time = { .tv_usec = option_ns / 1000 };
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
    must(setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time), "SO_RCVTIMEO");
}

static void wait_recv(void)
{
    char byte;
    recv(ends[0], &byte, 1, 0);
}

static void block_signal(void)
{
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
}

static void wait_signal(void)
{
    struct timespec time = span();
    sigtimedwait(&signals, NULL, &time);
}

static void make_semaphores(void) { semaphores = must(semget(IPC_PRIVATE, 1, 0600), "semget"); }

static void remove_semaphores(void) { semctl(semaphores, 0, IPC_RMID); }

static void wait_semaphore(void)
{
    struct sembuf take = { .sem_op = -1 };
    struct timespec time = span();
    semtimedop(semaphores, &take, 1, &time);
}

static void make_queue(void)
{
    struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = 8 };
    char name[64];
    snprintf(name, sizeof name, "/ktrace-alone-%d", getpid());
    queue = must(mq_open(name, O_CREAT | O_RDWR | O_EXCL, 0600, &attributes), "mq_open");
    mq_unlink(name);
}

static void wait_queue(void)
{
    char message[8];
    struct timespec end = until();
    mq_timedreceive(queue, message, sizeof message, NULL, &end);
}

static void wait_sleep(void)
{
    struct timespec time = span();
    clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

static void rings(int signal) { (void) signal; }

static void make_alarm(void)
{
    signal(SIGALRM, rings);
    sigemptyset(&signals);
    sigaddset(&signals, SIGALRM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    sigemptyset(&signals);
}

static void set_alarm(void)
{
    struct itimerval time = { .it_value = { .tv_usec = option_ns / 1000 } };
    must(setitimer(ITIMER_REAL, &time, NULL), "setitimer");
}

static void wait_alarm(void) { sigsuspend(&signals); }

static void make_timer(void) { set = must(timerfd_create(CLOCK_MONOTONIC, 0), "timerfd_create"); }

static void set_timer(void)
{
    struct itimerspec time = { .it_value = span() };
    must(timerfd_settime(set, 0, &time, NULL), "timerfd_settime");
}

static void wait_timer(void)
{
    uint64_t times;
    must(read(set, &times, sizeof times), "read");
}

static void wait_polled_timer(void)
{
    struct pollfd fd = { .fd = set, .events = POLLIN };
    must(poll(&fd, 1, -1), "poll");
}

static void wait_barrier(void) { must(syscall(SYS_membarrier, 1 /* MEMBARRIER_CMD_GLOBAL */, 0, 0), "membarrier"); }

static const char *place;

static void make_place(void)
{
    place = private_dir();
    must(unshare(CLONE_NEWNS), "unshare");
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount");
}

static void mount_place(void) { must(mount("none", place, "tmpfs", 0, NULL), "mount"); }

static void umount_place(void) { must(umount2(place, 0), "umount2"); }

#define ALONE(name, what, call, making, waiting) \
    .mode = name, .kind = what, .syscall = call, .evidence = "interrupt", .setup = making, .wait = waiting

static const struct scenario scenarios[] = {
    { ALONE("poll", "poll", "poll", make_pipe, wait_poll) },
    { ALONE("select", "poll", "select", make_pipe, wait_select) },
    { ALONE("epoll", "poll", "epoll_wait", make_set, wait_epoll) },
    { ALONE("futex", "futex", "futex", NULL, wait_futex) },
    { ALONE("recv", "unix", "recvfrom", make_sockets, wait_recv) },
    { ALONE("sigtimedwait", "signal", "rt_sigtimedwait", block_signal, wait_signal) },
    { ALONE("semtimedop", "sysvsem", "semtimedop", make_semaphores, wait_semaphore), .cleanup = remove_semaphores },
    { ALONE("mq", "mqueue", "mq_timedreceive", make_queue, wait_queue) },
    { ALONE("nanosleep", "sleep", "clock_nanosleep", NULL, wait_sleep) },
    { ALONE("empty-select", "sleep", "select", NULL, wait_empty) },
    { ALONE("alarm", "signal", "rt_sigsuspend", make_alarm, wait_alarm), .prepare = set_alarm },
    { ALONE("timerfd", "timerfd", "read", make_timer, wait_timer), .prepare = set_timer },
    { ALONE("polled-timerfd", "timerfd", "poll", make_timer, wait_polled_timer), .prepare = set_timer, .settle = wait_timer,
      .settles_first = true },
    { .mode = "membarrier", .kind = "other", .syscall = "membarrier", .evidence = "waker", .wait = wait_barrier },
    { .mode = "umount", .kind = "other", .syscall = "umount2", .evidence = "waker", .setup = make_place, .prepare = mount_place,
      .wait = umount_place, .cleanup = remove_private_dir },
};

int main(int argc, char **argv)
{
    return RUN("alone", scenarios);
}
