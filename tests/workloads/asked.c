/*
 * A client asks, and a server that is no child of its answers: what the server did meanwhile it measures itself.
 *
 *   asked computes|sleeps|both [ROUNDS]   the server computes before it answers, sleeps, or does one and then the other
 *   asked chain [ROUNDS]                  the server asks back for each answer, which sleeps
 *   asked hangs [ROUNDS]                  the same, but that it sleeps for half a minute
 *   asked MODE ROUNDS PATH                the same, but that the client is whoever connects to the unix socket at PATH
 *   asked ask ROUNDS PATH                 such a client
 *
 * First a line {"ready":true,"client":PID,"server":PID,"back":PID}; nothing else happens until a line arrives on stdin. When the
 * client has ended, one line of JSON: workload, mode, the pids, and in nanoseconds
 *
 *   waitedNs      of the client, in its calls that take an answer
 *   computedNs    of the server, on the clock and not only on a CPU
 *   sleptNs       of whoever sleeps
 *
 * The server and back end when stdin is closed. With PATH the ready line has no client, and the last line comes when stdin is closed,
 * without waitedNs, which the client prints.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STEP_NS = 12000000, HANG_SECONDS = 30 };

static struct {
    atomic_llong waited_ns, computed_ns, slept_ns;
} *book;
static int to_server[2], to_back[2], go[2];
static int rounds = 60;
static bool computes, sleeps, chain, hangs;

static int64_t cpu_ns(void)
{
    struct timespec now;
    must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), "clock_gettime");
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void compute(void)
{
    int64_t begin = now_ns(), until = cpu_ns() + STEP_NS;
    while (cpu_ns() < until)
        ;
    book->computed_ns += now_ns() - begin;
}

static void nap(void)
{
    int64_t begin = now_ns();
    struct timespec step = { .tv_sec = hangs ? HANG_SECONDS : 0, .tv_nsec = STEP_NS };
    nanosleep(&step, NULL);
    book->slept_ns += now_ns() - begin;
}

static void ask(int socket)
{
    char byte = '?';
    must(send(socket, &byte, 1, 0), "send");
    must(recv(socket, &byte, 1, 0), "recv");
}

static void ask_all(int socket)
{
    for (int i = 0; i < rounds; i++) {
        int64_t begin = now_ns();
        ask(socket);
        book->waited_ns += now_ns() - begin;
    }
}

static void client(void)
{
    char byte;
    must(read(go[0], &byte, 1), "read");
    ask_all(to_server[0]);
}

static void server(void)
{
    char byte;
    while (recv(to_server[1], &byte, 1, 0) == 1) {
        if (computes)
            compute();
        if (sleeps)
            nap();
        if (chain)
            ask(to_back[0]);
        must(send(to_server[1], &byte, 1, 0), "send");
    }
}

static struct sockaddr_un address(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return address;
}

/* Of whoever connects to the socket that it listens at, one after the other. */
static void serve(void)
{
    for (;;) {
        int listening = to_server[1];
        to_server[1] = must(accept(listening, NULL, NULL), "accept");
        server();
        close(to_server[1]);
        to_server[1] = listening;
    }
}

static int ask_at(const char *path)
{
    struct sockaddr_un there = address(path);
    int socket_fd = must(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
    must(connect(socket_fd, (struct sockaddr *) &there, sizeof there), "connect");
    ask_all(socket_fd);
    printf("{\"workload\":\"asked\",\"mode\":\"ask\",\"client\":%d,\"waitedNs\":%lld}\n", getpid(), book->waited_ns);
    return 0;
}

static void back(void)
{
    char byte;
    while (recv(to_back[1], &byte, 1, 0) == 1) {
        nap();
        must(send(to_back[1], &byte, 1, 0), "send");
    }
}

/* With these two of the descriptors, and none of the others. */
static pid_t part(const char *name, void (*run)(void), int one, int other)
{
    pid_t pid = fork_child();
    if (pid == 0) {
        const int all[] = { to_server[0], to_server[1], to_back[0], to_back[1], go[0], go[1] };
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            if (all[i] != one && all[i] != other)
                close(all[i]);
        must(prctl(PR_SET_NAME, name), "prctl");
        run();
        _exit(0);
    }
    return pid;
}

static void await_end_of_input(void)
{
    char line[16];
    while (read(0, line, sizeof line) > 0)
        ;
}

static int serve_at(const char *path, pid_t of_back)
{
    struct sockaddr_un here = address(path);
    close(to_server[1]);
    to_server[1] = must(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
    must(bind(to_server[1], (struct sockaddr *) &here, sizeof here), "bind");
    must(listen(to_server[1], 8), "listen");
    pid_t of_server = part("server", serve, to_server[1], to_back[0]);
    /* They are at the ends of these alone. */
    close(to_server[0]);
    close(to_server[1]);
    close(to_back[0]);
    close(to_back[1]);
    printf("{\"ready\":true,\"server\":%d,\"back\":%d}\n", of_server, of_back);
    fflush(stdout);
    await_end_of_input();
    must(kill(of_server, SIGTERM), "kill");
    must(kill(of_back, SIGTERM), "kill");
    printf("{\"workload\":\"asked\",\"server\":%d,\"back\":%d,\"computedNs\":%lld,\"sleptNs\":%lld}\n", of_server, of_back,
            book->computed_ns, book->slept_ns);
    return 0;
}

int main(int argc, char **argv)
{
    const char *mode = argc > 1 ? argv[1] : "";
    char line[16];
    computes = !strcmp(mode, "computes") || !strcmp(mode, "both");
    sleeps = !strcmp(mode, "sleeps") || !strcmp(mode, "both");
    hangs = !strcmp(mode, "hangs");
    chain = hangs || !strcmp(mode, "chain");
    const char *path = argc > 3 ? argv[3] : NULL;
    bool asks = path && !strcmp(mode, "ask");
    if (!computes && !sleeps && !chain && !asks) {
        fprintf(stderr, "usage: asked computes|sleeps|both|chain|hangs [ROUNDS [PATH]] | ask ROUNDS PATH\n");
        return 2;
    }
    rounds = argc > 2 ? atoi(argv[2]) : rounds;
    book = mmap(NULL, sizeof *book, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(book == MAP_FAILED ? -1 : 0, "mmap");
    if (asks)
        return ask_at(path);
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, to_server), "socketpair");
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, to_back), "socketpair");
    must(pipe(go), "pipe");
    pid_t of_back = part("back", back, to_back[1], -1);
    if (path)
        return serve_at(path, of_back);
    pid_t of_server = part("server", server, to_server[1], to_back[0]);
    pid_t of_client = part("client", client, to_server[0], go[0]);
    printf("{\"ready\":true,\"client\":%d,\"server\":%d,\"back\":%d}\n", of_client, of_server, of_back);
    fflush(stdout);
    must(read(0, line, sizeof line), "read");
    must(write(go[1], "!", 1), "write");
    must(waitpid(of_client, NULL, 0), "waitpid");
    printf("{\"workload\":\"asked\",\"mode\":\"%s\",\"client\":%d,\"server\":%d,\"back\":%d,\"waitedNs\":%lld,\"computedNs\":%lld,"
            "\"sleptNs\":%lld}\n", mode, of_client, of_server, of_back, book->waited_ns, book->computed_ns, book->slept_ns);
    fflush(stdout);
    await_end_of_input();
    for (int i = 0; i < 2; i++) {
        close(to_server[i]);
        close(to_back[i]);
    }
    must(waitpid(of_server, NULL, 0), "waitpid");
    must(waitpid(of_back, NULL, 0), "waitpid");
    return 0;
}
