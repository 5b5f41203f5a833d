/*
 * A thread that is already blocked when the tracer attaches.
 *
 *   blocked pipe|futex|poll|epoll|tcp|sleep|child [--ms MILLISECONDS]
 *
 * The parent goes into one long wait. When it is asleep the child prints {"ready":true,"waiterPid":...,"wakerPid":...}
 * and waits for a line on stdin; then it sleeps for that long (default 300 ms) and ends the wait. In mode sleep the wait
 * ends by itself, after that long from its beginning. The parent prints
 *   {"workload":"blocked","mode":...,"waiterPid":...,"wakerPid":...,"object":...,"goNs":...,"endNs":...,"totalNs":...}
 * with goNs the time at which the line came and endNs the end of the wait, on CLOCK_MONOTONIC.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <arpa/inet.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared { atomic_int word; atomic_long go_ns; };

static struct shared *shared;
static int ends[2];     /* read from the first, write into the second */
static int64_t duration_ns = 300000000;
static const char *mode;

static bool is(const char *name) { return strcmp(mode, name) == 0; }

static void make_tcp(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int server = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(server, (struct sockaddr *) &address, sizeof address), "bind");
    must(listen(server, 1), "listen");
    must(getsockname(server, (struct sockaddr *) &address, &length), "getsockname");
    ends[1] = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(connect(ends[1], (struct sockaddr *) &address, sizeof address), "connect");
    ends[0] = must(accept(server, NULL, NULL), "accept");
    close(server);
}

static char state_of(pid_t pid)
{
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file || !fgets(text, sizeof text, file))
        die(path);
    fclose(file);
    char *end = strrchr(text, ')');
    return end ? end[2] : '?';
}

static void waker(pid_t waiter)
{
    char line[16];
    close(ends[0]);
    do
        sleep_ns(20000000);
    while (state_of(waiter) != 'S');
    printf("{\"ready\":true,\"waiterPid\":%d,\"wakerPid\":%d}\n", waiter, getpid());
    fflush(stdout);
    must(read(STDIN_FILENO, line, sizeof line), "read stdin");
    atomic_store(&shared->go_ns, now_ns());
    sleep_ns(duration_ns);
    if (is("futex")) {
        atomic_store(&shared->word, 1);
        syscall(SYS_futex, &shared->word, FUTEX_WAKE, 1, NULL, NULL, 0);
    } else if (!is("sleep") && !is("child"))
        must(write(ends[1], "x", 1), "write");
}

static void wait_for_it(pid_t child)
{
    char byte;
    struct pollfd set = { .fd = ends[0], .events = POLLIN };
    struct epoll_event event = { .events = EPOLLIN };
    if (is("futex"))
        while (!atomic_load(&shared->word))
            syscall(SYS_futex, &shared->word, FUTEX_WAIT, 0, NULL, NULL, 0);
    else if (is("sleep"))
        sleep_ns(duration_ns);
    else if (is("child"))
        must(waitpid(child, NULL, 0), "waitpid");
    else {
        if (is("poll"))
            must(poll(&set, 1, -1), "poll");
        if (is("epoll")) {
            int epoll = must(epoll_create1(0), "epoll_create1");
            must(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event), "epoll_ctl");
            must(epoll_wait(epoll, &event, 1, -1), "epoll_wait");
        }
        must(read(ends[0], &byte, 1), "read");
    }
}

int main(int argc, char **argv)
{
    static const char *modes[] = { "pipe", "futex", "poll", "epoll", "tcp", "sleep", "child" };
    char object[64] = "";
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (argc > 1 && strcmp(argv[1], modes[i]) == 0)
            mode = modes[i];
    if (!mode) {
        fprintf(stderr, "usage: %s pipe|futex|poll|epoll|tcp|sleep|child [--ms MILLISECONDS]\n", argv[0]);
        return 2;
    }
    if (argc > 3 && strcmp(argv[2], "--ms") == 0)
        duration_ns = atof(argv[3]) * 1e6;
    shared = shared_memory(sizeof *shared);
    if (is("tcp"))
        make_tcp();
    else
        must(pipe(ends), "pipe");
    pid_t parent = getpid(), child = fork_child();
    if (child == 0) {
        waker(parent);
        _exit(0);
    }
    close(ends[1]);
    if (!is("futex") && !is("sleep") && !is("child")) {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", ends[0]);
        object[must(readlink(link, object, sizeof object - 1), "readlink")] = 0;
    }
    int64_t begin_ns = now_ns();
    wait_for_it(child);
    int64_t end_ns = now_ns();
    if (!is("child"))
        must(waitpid(child, NULL, 0), "waitpid");
    printf("{\"workload\":\"blocked\",\"mode\":\"%s\",\"waiterPid\":%d,\"wakerPid\":%d,\"object\":\"%s\",", mode,
           getpid(), child, object);
    printf("\"goNs\":%ld,\"endNs\":%ld,\"totalNs\":%ld}\n", atomic_load(&shared->go_ns), end_ns, end_ns - begin_ns);
    return 0;
}
