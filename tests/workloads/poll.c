/*
 * Waits on sets of file descriptors. The mode is API-OBJECT:
 *   API     poll ppoll select pselect epoll epoll-edge
 *   OBJECT  pipe unix tcp udp eventfd
 * The set holds the object, and beside it another pipe whose other end the child holds but never uses. The waiter reads
 * the byte after each wait, as an event loop does. Further modes:
 *   epoll-nested    an epoll set in an epoll set, with a pipe in the inner one
 *   API-logging     of a pipe, by a waiter that writes to something else before it reads: no call tells what the poll was for
 *   resolver, python, database     the same of sets as these have: a UDP socket and something else, a socket by select, one
 *                   connection alone; all with a timeout
 *   timeout         poll of the quiet pipe that a timer ends
 */
#define _GNU_SOURCE
#include "measure.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int mine, peers, quiet[2], epoll, elsewhere;
static uint64_t value = 1;

static void make_quiet(void) { must(pipe(quiet), "pipe"); }

static void make_pipe(void)
{
    int ends[2];
    make_quiet();
    must(pipe(ends), "pipe");
    mine = ends[0];
    peers = ends[1];
}

static void make_unix(void)
{
    int ends[2];
    make_quiet();
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
    mine = ends[0];
    peers = ends[1];
}

static void make_inet(int type)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int server = must(socket(AF_INET, type, 0), "socket");
    make_quiet();
    must(bind(server, (struct sockaddr *) &address, sizeof address), "bind");
    must(getsockname(server, (struct sockaddr *) &address, &length), "getsockname");
    if (type == SOCK_STREAM)
        must(listen(server, 1), "listen");
    peers = must(socket(AF_INET, type, 0), "socket");
    must(connect(peers, (struct sockaddr *) &address, sizeof address), "connect");
    mine = type == SOCK_STREAM ? must(accept(server, NULL, NULL), "accept") : server;
}

static void make_tcp(void) { make_inet(SOCK_STREAM); }
static void make_udp(void) { make_inet(SOCK_DGRAM); }

static void make_eventfd(void)
{
    make_quiet();
    mine = must(eventfd(0, EFD_SEMAPHORE), "eventfd");    /* so that each write is a read's worth */
    peers = must(dup(mine), "dup");
}

static void keep_mine(void)
{
    close(peers);
    close(quiet[1]);
    object_is_fd(mine);
}

static void keep_mine_and_log(void)
{
    keep_mine();
    elsewhere = must(open("/dev/null", O_WRONLY), "open");
}

static void keep_peers(void)
{
    close(mine);
    close(quiet[0]);
}

static void add(int set, int fd, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.fd = fd };
    must(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

static void keep_mine_epoll(void)
{
    keep_mine();
    epoll = must(epoll_create1(0), "epoll_create1");
    add(epoll, quiet[0], EPOLLIN);
    add(epoll, mine, EPOLLIN);
}

static void keep_mine_edge(void)
{
    keep_mine();
    epoll = must(epoll_create1(0), "epoll_create1");
    add(epoll, quiet[0], EPOLLIN | EPOLLET);
    add(epoll, mine, EPOLLIN | EPOLLET);
}

static void keep_mine_nested(void)
{
    keep_mine_epoll();
    int inner = epoll;
    epoll = must(epoll_create1(0), "epoll_create1");
    add(epoll, inner, EPOLLIN);
}

#define SET struct pollfd set[] = { { .fd = quiet[0], .events = POLLIN }, { .fd = mine, .events = POLLIN } }

static void wait_poll(void)
{
    SET;
    must(poll(set, 2, -1), "poll");
}

static void wait_ppoll(void)
{
    SET;
    must(ppoll(set, 2, NULL, NULL), "ppoll");
}

static void wait_select(void)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(quiet[0], &set);
    FD_SET(mine, &set);
    /* Not by way of the C library, which calls pselect6. */
    must(syscall(SYS_select, FD_SETSIZE, &set, NULL, NULL, NULL), "select");
}

static void wait_pselect(void)
{
    fd_set set;
    FD_ZERO(&set);
    FD_SET(quiet[0], &set);
    FD_SET(mine, &set);
    must(pselect(FD_SETSIZE, &set, NULL, NULL, NULL, NULL), "pselect");
}

static void wait_epoll(void)
{
    struct epoll_event events[8];
    must(epoll_wait(epoll, events, 8, -1), "epoll_wait");
}

static void wait_resolver(void)
{
    SET;
    must(poll(set, 2, 5000), "poll");
}

static void wait_database(void)
{
    struct pollfd set = { .fd = mine, .events = POLLIN | POLLPRI };
    must(poll(&set, 1, 30000), "poll");
}

static void wait_python(void)
{
    struct timeval most = { .tv_sec = 30 };
    fd_set set, other, none;
    FD_ZERO(&set);
    FD_ZERO(&none);
    FD_SET(mine, &set);
    other = none;
    must(select(mine + 1, &set, &other, &none, &most), "select");
}

static void wait_timeout(void)
{
    struct pollfd set = { .fd = quiet[0], .events = POLLIN };
    must(poll(&set, 1, option_ns / 1000000), "poll");
}

/* Eight bytes, for the eventfd's sake. */
static void take(void) { must(read(mine, &value, sizeof value), "read"); }
static void log_and_take(void) { must(write(elsewhere, &value, sizeof value), "write"); take(); }
static void take_turns(void) { }    /* two that are put before one wait have one edge */
static void put(void) { must(write(peers, &value, sizeof value), "write"); }

#define ON(api, call, prepared, waiting, object, what, making)                                                         \
    { .mode = api "-" object, .kind = what, .syscall = call, .evidence = "object", .setup = making,                    \
      .waiter = prepared, .waker = keep_peers, .wait = waiting, .settle = take,                         \
      .settles_first = true, .hold = take_turns, .wake = put }
#define LOGGING(name, call, waiting, what, making)                                                                     \
    { .mode = name, .kind = what, .syscall = call, .evidence = "object", .setup = making,                              \
      .waiter = keep_mine_and_log, .waker = keep_peers, .wait = waiting, .settle = log_and_take,                               \
      .settles_first = true, .hold = take_turns, .wake = put }
#define ON_ALL(api, call, prepared, waiting)                                                                           \
    ON(api, call, prepared, waiting, "pipe", "pipe", make_pipe),                                                       \
    ON(api, call, prepared, waiting, "unix", "unix", make_unix),                                                       \
    ON(api, call, prepared, waiting, "tcp", "tcp", make_tcp),                                                          \
    ON(api, call, prepared, waiting, "udp", "udp", make_udp),                                                          \
    ON(api, call, prepared, waiting, "eventfd", "eventfd", make_eventfd)

static const struct scenario scenarios[] = {
    ON_ALL("poll", "poll", keep_mine, wait_poll),
    ON_ALL("ppoll", "ppoll", keep_mine, wait_ppoll),
    ON_ALL("select", "select", keep_mine, wait_select),
    ON_ALL("pselect", "pselect6", keep_mine, wait_pselect),
    ON_ALL("epoll", "epoll_wait", keep_mine_epoll, wait_epoll),
    ON_ALL("epoll-edge", "epoll_wait", keep_mine_edge, wait_epoll),
    ON("epoll", "epoll_wait", keep_mine_nested, wait_epoll, "nested", "pipe", make_pipe),
    LOGGING("poll-logging", "poll", wait_poll, "pipe", make_pipe),
    LOGGING("ppoll-logging", "ppoll", wait_ppoll, "pipe", make_pipe),
    LOGGING("select-logging", "select", wait_select, "pipe", make_pipe),
    LOGGING("pselect-logging", "pselect6", wait_pselect, "pipe", make_pipe),
    LOGGING("resolver", "poll", wait_resolver, "udp", make_udp),
    LOGGING("python", "pselect6", wait_python, "unix", make_unix),
    LOGGING("database", "poll", wait_database, "tcp", make_tcp),
    { .mode = "timeout", .kind = "poll", .syscall = "poll", .evidence = "interrupt", .setup = make_quiet,
      .wait = wait_timeout },
};

int main(int argc, char **argv)
{
    return RUN("poll", scenarios);
}
