/*
 * Waits on a pipe whose fd number has a past: whoever remembers the wrong file names the wrong object. In every mode the
 * waiter reads a byte from the pipe, and the child writes it.
 *   recycled      the number was a file before, then closed
 *   dup2          put over an open socket by dup2
 *   fcntl         made by F_DUPFD_CLOEXEC
 *   close-range   close_range closed everything else, and dup gave the pipe a low number
 *   thread        a second thread put it over an open file
 *   clone-files   a second process that shares the table (CLONE_FILES) put it over an open file
 *   scm-rights    received from the child over a unix socket, at a number that was a file before
 *   pidfd-getfd   taken out of the child by pidfd_getfd
 *   exec          kept over an exec, which closed the waiter's writing end (CLOEXEC)
 *   spawn         the waker is a program started by posix_spawn (vfork and exec)
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT_READING 40
#define KEPT_WRITING 41
#define AT_EXEC "KTRACE_WORKLOAD_EXEC"

extern char **environ;

static int ends[2], pair[2], reading;
static pid_t *waker_pid;
static char byte[1];

static void make_pipe(void) { must(pipe(ends), "pipe"); }
static void keep_writing(void) { close(ends[0]); }
static void write_byte(void) { must(write(ends[1], "x", 1), "write"); }
static void read_byte(void) { must(read(reading, byte, 1), "read"); }

static int plain_file(void) { return must(open("/dev/null", O_RDONLY), "open"); }

static void begin_with(int fd)
{
    reading = fd;
    close(ends[1]);
    object_is_fd(reading);
}

static void move_to(int fd)
{
    close(ends[0]);
    begin_with(fd);
}

static void recycled(void)
{
    int number = plain_file();
    close(number);
    int fd = must(dup(ends[0]), "dup");
    if (fd != number)
        die("the number was not used again");
    move_to(fd);
}

static void by_dup2(void) { move_to(must(dup2(ends[0], must(socket(AF_UNIX, SOCK_STREAM, 0), "socket")), "dup2")); }
static void by_fcntl(void) { move_to(must(fcntl(ends[0], F_DUPFD_CLOEXEC, 77), "F_DUPFD_CLOEXEC")); }

static void by_close_range(void)
{
    int high = must(fcntl(ends[0], F_DUPFD, 100), "F_DUPFD");
    for (int i = 0; i < 10; i++)
        plain_file();
    must(syscall(SYS_close_range, 3, 99, 0), "close_range");
    reading = must(dup(high), "dup");
    close(high);
    object_is_fd(reading);
}

static void *put_over(void *number)
{
    must(dup2(ends[0], *(int *) number), "dup2");
    return NULL;
}

static void by_thread(void)
{
    int number = plain_file();
    pthread_t thread;
    if (pthread_create(&thread, NULL, put_over, &number) != 0 || pthread_join(thread, NULL) != 0)
        die("pthread_create");
    move_to(number);
}

static int put_over_and_exit(void *number)
{
    put_over(number);
    return 0;
}

static void by_clone_files(void)
{
    static char stack[64 * 1024] __attribute__((aligned(16)));
    int number = plain_file();
    pid_t pid = must(clone(put_over_and_exit, stack + sizeof stack, CLONE_FILES | SIGCHLD, &number), "clone");
    must(waitpid(pid, NULL, 0), "waitpid");
    move_to(number);
}

union control { char space[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; };

static void make_pair(void) { must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair"); }

static struct msghdr message_with(union control *control, struct iovec *iov)
{
    *iov = (struct iovec) { byte, 1 };
    return (struct msghdr) { .msg_iov = iov, .msg_iovlen = 1, .msg_control = control,
                             .msg_controllen = sizeof *control };
}

static void send_reading_end(void)
{
    union control control = { 0 };
    struct iovec iov;
    struct msghdr message = message_with(&control, &iov);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    close(pair[0]);
    make_pipe();
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &ends[0], sizeof(int));
    must(sendmsg(pair[1], &message, 0), "sendmsg");
    close(ends[0]);
}

static void receive_reading_end(void)
{
    union control control;
    struct iovec iov;
    struct msghdr message = message_with(&control, &iov);
    close(pair[1]);
    close(plain_file());
    must(recvmsg(pair[0], &message, 0), "recvmsg");
    memcpy(&reading, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof reading);
    object_is_fd(reading);
}

static void make_pair_and_place(void)
{
    make_pair();
    waker_pid = shared_memory(sizeof *waker_pid);
}

static void offer_reading_end(void)
{
    make_pipe();
    *waker_pid = getpid();
    must(write(pair[1], &ends[0], sizeof ends[0]), "write");
    must(read(pair[1], byte, 1), "read");
    close(ends[0]);
}

static void take_reading_end(void)
{
    int theirs;
    must(read(pair[0], &theirs, sizeof theirs), "read");
    int pidfd = must(syscall(SYS_pidfd_open, *waker_pid, 0), "pidfd_open");
    reading = must(syscall(SYS_pidfd_getfd, pidfd, theirs, 0), "pidfd_getfd");
    close(pidfd);
    must(write(pair[0], "x", 1), "write");
    object_is_fd(reading);
}

static void exec_keeping(char **argv)
{
    int both[2];
    must(pipe(both), "pipe");
    must(dup2(both[0], KEPT_READING), "dup2");
    must(dup3(both[1], KEPT_WRITING, O_CLOEXEC), "dup3");
    close(both[0]);
    close(both[1]);
    /* What the child will write into; it must be open over the exec, under a number of its own. */
    must(fcntl(KEPT_WRITING, F_DUPFD, KEPT_WRITING + 1), "F_DUPFD");
    setenv(AT_EXEC, "1", 1);
    execv("/proc/self/exe", argv);
    die("execv");
}

static void after_exec(void)
{
    ends[0] = KEPT_READING;
    ends[1] = KEPT_WRITING + 1;
}

static void begin_with_kept(void) { begin_with(KEPT_READING); }

static void spawn_waker(void)
{
    char fd[16], count[16], ms[32];
    snprintf(fd, sizeof fd, "%d", ends[1]);
    snprintf(count, sizeof count, "%d", option_count);
    snprintf(ms, sizeof ms, "%g", option_ns / 1e6);
    char *argv[] = { "fdtable", "--write", fd, count, ms, NULL };
    pid_t pid;
    if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ) != 0)
        die("posix_spawn");
    for (int i = 0; i < option_count; i++)
        waker_is(pid);
    begin_with(ends[0]);
}

static int write_loop(char **argv)
{
    for (int i = 0; i < atoi(argv[3]); i++) {
        sleep_ns(atof(argv[4]) * 1e6);
        must(write(atoi(argv[2]), "x", 1), "write");
    }
    return 0;
}

#define FD(name, at_setup, in_waiter, in_waker)                                                                        \
    { .mode = name, .kind = "pipe", .syscall = "read", .evidence = "object", .setup = at_setup, .waiter = in_waiter,   \
      .waker = in_waker, .wait = read_byte, .wake = write_byte }

static const struct scenario scenarios[] = {
    FD("recycled", make_pipe, recycled, keep_writing),
    FD("dup2", make_pipe, by_dup2, keep_writing),
    FD("fcntl", make_pipe, by_fcntl, keep_writing),
    FD("close-range", make_pipe, by_close_range, keep_writing),
    FD("thread", make_pipe, by_thread, keep_writing),
    FD("clone-files", make_pipe, by_clone_files, keep_writing),
    FD("scm-rights", make_pair, receive_reading_end, send_reading_end),
    FD("pidfd-getfd", make_pair_and_place, take_reading_end, offer_reading_end),
    FD("exec", after_exec, begin_with_kept, keep_writing),
    { .mode = "spawn", .kind = "pipe", .syscall = "read", .evidence = "object", .setup = make_pipe,
      .waiter = spawn_waker, .wait = read_byte },
};

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "--write") == 0)
        return write_loop(argv);
    if (argc > 1 && strcmp(argv[1], "exec") == 0 && !getenv(AT_EXEC))
        exec_keeping(argv);
    return RUN("fdtable", scenarios);
}
