/*
 * Epoll sets that live for a moment only; storm.h says how a storm goes. Each set watches the reading end of a pipe.
 *   plain           one set; in between a byte is written for a child that reads the watched pipe all the time
 *   nested          a set in a set: now the inner one is closed first, now the outer one
 *   dup             filled through a second descriptor, when the first is closed already
 *   closed-first    the pipe is a new one each time, and closed before the set
 *   inherited       in turn by a child, and by a program that a child execs, while another set closes at the exec
 */
#define _GNU_SOURCE
#include "measure.h"
#include "storm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS_PER_BYTE 64

static int ends[2];
static char byte[1];

static void make_pipe(void) { must(pipe(ends), "pipe"); }
static int new_set(void) { return must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"); }

static void watch(int set, int fd)
{
    struct epoll_event event = { .events = EPOLLIN };
    must(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static void look(int set)
{
    struct epoll_event event;
    must(epoll_wait(set, &event, 1, 0), "epoll_wait");
}

static void plain(int process)
{
    static int rounds;
    if (process == 1) {
        must(read(ends[0], byte, 1), "read");
        return;
    }
    int set = new_set();
    watch(set, ends[0]);
    look(set);
    if (++rounds % ROUNDS_PER_BYTE == 0)
        must(write(ends[1], "x", 1), "write");
    close(set);
}

static void nested(int process)
{
    static int rounds;
    (void) process;
    int inner = new_set(), outer = new_set();
    bool inner_first = rounds++ % 2 == 0;
    watch(inner, ends[0]);
    watch(outer, inner);
    look(outer);
    close(inner_first ? inner : outer);
    close(inner_first ? outer : inner);
}

static void duplicate(int process)
{
    (void) process;
    int set = new_set();
    int same = must(dup(set), "dup");
    close(set);
    watch(same, ends[0]);
    look(same);
    close(same);
}

static void closed_first(int process)
{
    (void) process;
    int set = new_set();
    make_pipe();
    watch(set, ends[0]);
    look(set);
    close(ends[0]);
    close(ends[1]);
    look(set);
    close(set);
}

static void reap(pid_t pid)
{
    int status;
    must(waitpid(pid, &status, 0), "waitpid");
    if (status != 0)
        die("a child failed");
}

static void inherited_by_fork(void)
{
    int set = new_set();
    watch(set, ends[0]);
    pid_t pid = fork_child();
    if (pid == 0) {
        look(set);
        _exit(0);
    }
    close(set);
    reap(pid);
}

static void inherited_by_exec(void)
{
    int kept = must(epoll_create1(0), "epoll_create1"), closed = new_set();
    watch(kept, ends[0]);
    watch(closed, ends[0]);
    pid_t pid = fork_child();
    if (pid == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", kept);
        execl("/proc/self/exe", "epollstorm", "--look", number, NULL);
        _exit(1);
    }
    close(kept);
    close(closed);
    reap(pid);
}

static void inherited(int process)
{
    (void) process;
    inherited_by_fork();
    inherited_by_exec();
}

static const struct storm storms[] = {
    { .mode = "plain", .processes = 2, .setup = make_pipe, .round = plain },
    { .mode = "nested", .setup = make_pipe, .round = nested },
    { .mode = "dup", .setup = make_pipe, .round = duplicate },
    { .mode = "closed-first", .round = closed_first },
    { .mode = "inherited", .setup = make_pipe, .round = inherited },
};

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--look") == 0) {
        look(atoi(argv[2]));
        return 0;
    }
    return STORM("epollstorm", storms);
}
