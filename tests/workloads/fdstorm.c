/*
 * Descriptors that live for a moment only, each of another object; storm.h says how a storm goes.
 *   file pipe socketpair eventfd memfd      made, written, read, closed, and the file unlinked
 *   each            these in turn
 *   fifo            the parent makes and opens one to write, a child opens it to read; either waits for the other, then both close
 *   tcp             a child connects, the parent accepts, both close
 *   rights          a byte by recvmsg, which could have brought descriptors, then a pipe, made and closed
 */
#define _GNU_SOURCE
#include "measure.h"
#include "storm.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static int pair[2];
static _Atomic long *fifos;     /* made so far */
static char byte[1];
static struct sockaddr_in address;

static void put(int fd) { must(write(fd, "x", 1), "write"); }
static void take(int fd) { must(read(fd, byte, 1), "read"); }

static const char *path_of(const char *kind, long number)
{
    static char path[48];
    snprintf(path, sizeof path, "/tmp/%s-%ld", kind, number);
    return path;
}

static void make_counter(void)
{
    hide_tmp();
    fifos = shared_memory(sizeof *fifos);
}

static void fifo(int process)
{
    static long number;
    const char *path = path_of("fifo", number);
    if (process == 0) {
        must(mkfifo(path, 0600), "mkfifo");
        atomic_store(fifos, number + 1);
    }
    while (atomic_load(fifos) == number)
        must(sched_yield(), "sched_yield");
    number++;
    int fd = must(open(path, (process == 0 ? O_WRONLY : O_RDONLY) | O_CLOEXEC), "open");
    if (process == 0)
        put(fd);
    else
        take(fd);
    close(fd);
    if (process == 1)
        unlink(path);
}

static void new_file(int process)
{
    (void) process;
    static long number;
    const char *path = path_of("file", number++);
    int fd = must(open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "open");
    put(fd);
    must(pread(fd, byte, 1, 0), "pread");
    close(fd);
    unlink(path);
}

static void through(int writing, int reading)
{
    put(writing);
    take(reading);
    close(writing);
    close(reading);
}

static void new_pipe(int process)
{
    (void) process;
    int ends[2];
    must(pipe2(ends, O_CLOEXEC), "pipe2");
    through(ends[1], ends[0]);
}

static void new_socketpair(int process)
{
    (void) process;
    int ends[2];
    must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
    through(ends[0], ends[1]);
}

static void new_eventfd(int process)
{
    (void) process;
    uint64_t value = 1;
    int fd = must(eventfd(0, EFD_CLOEXEC), "eventfd");
    must(write(fd, &value, sizeof value), "write");
    must(read(fd, &value, sizeof value), "read");
    close(fd);
}

static void new_memfd(int process)
{
    (void) process;
    int fd = must(memfd_create("storm", MFD_CLOEXEC), "memfd_create");
    put(fd);
    must(pread(fd, byte, 1, 0), "pread");
    close(fd);
}

static void each(int process)
{
    static void (*const kinds[])(int) = { new_file, new_pipe, new_socketpair, new_eventfd, new_memfd };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        kinds[i](process);
}

static void start_listening(void)
{
    socklen_t length = sizeof address;
    address = (struct sockaddr_in) { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    pair[0] = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(pair[0], (struct sockaddr *) &address, length), "bind");
    must(listen(pair[0], 64), "listen");
    must(getsockname(pair[0], (struct sockaddr *) &address, &length), "getsockname");
}

/* The client's reset ends a connection at once: none waits for its time to be over, and so no port is missing. */
static void tcp(int process)
{
    if (process == 0) {
        int fd = must(accept4(pair[0], NULL, NULL, SOCK_CLOEXEC), "accept4");
        put(fd);
        close(fd);
        return;
    }
    struct linger reset = { 1, 0 };
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), "SO_LINGER");
    must(connect(fd, (struct sockaddr *) &address, sizeof address), "connect");
    take(fd);
    close(fd);
}

static void make_pair(void) { must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair"); }

static void rights(int process)
{
    (void) process;
    char control[CMSG_SPACE(sizeof(int))];
    struct iovec into = { byte, 1 };
    struct msghdr message = { .msg_iov = &into, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    int ends[2];
    put(pair[0]);
    must(recvmsg(pair[1], &message, 0), "recvmsg");
    must(pipe2(ends, 0), "pipe2");
    close(ends[0]);
    close(ends[1]);
}

static const struct storm storms[] = {
    { .mode = "file", .setup = hide_tmp, .round = new_file },
    { .mode = "pipe", .round = new_pipe },
    { .mode = "socketpair", .round = new_socketpair },
    { .mode = "eventfd", .round = new_eventfd },
    { .mode = "memfd", .round = new_memfd },
    { .mode = "each", .setup = hide_tmp, .round = each },
    { .mode = "fifo", .processes = 2, .setup = make_counter, .round = fifo },
    { .mode = "tcp", .processes = 2, .setup = start_listening, .round = tcp },
    { .mode = "rights", .setup = make_pair, .round = rights },
};

int main(int argc, char **argv)
{
    return STORM("fdstorm", storms);
}
