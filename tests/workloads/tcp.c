/*
 * TCP on loopback.
 *   read        read of an empty connection
 *   recv6       recv of an empty connection over ::1
 *   write       write to a peer that reads slowly; one call can block several times
 *   accept      accept4, until the child connects
 * A connect on loopback has no wait of known length: SYN and SYN-ACK are dealt with inside the call.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK_BYTES (256 * 1024)
#define BUFFER_BYTES (16 * 1024)    /* both ends together far less than a chunk, or else no write would wait */

static int family = AF_INET, mine, peers, listener;
static atomic_int *written;     /* shared by both: how many chunks have gone through */
static struct sockaddr_storage address;
static socklen_t address_length;
static char chunk[CHUNK_BYTES], byte[1];

static void make_listener(void)
{
    struct sockaddr_in in4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    address_length = family == AF_INET ? sizeof in4 : sizeof in6;
    memcpy(&address, family == AF_INET ? (void *) &in4 : (void *) &in6, address_length);
    listener = must(socket(family, SOCK_STREAM, 0), "socket");
    int size_bytes = BUFFER_BYTES;
    must(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size_bytes, sizeof size_bytes), "SO_RCVBUF");
    must(bind(listener, (struct sockaddr *) &address, address_length), "bind");
    must(listen(listener, 8), "listen");
    must(getsockname(listener, (struct sockaddr *) &address, &address_length), "getsockname");
}

static int connected(void)
{
    int fd = must(socket(family, SOCK_STREAM, 0), "socket");
    int size_bytes = BUFFER_BYTES, on = 1;
    must(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size_bytes, sizeof size_bytes), "SO_SNDBUF");
    must(connect(fd, (struct sockaddr *) &address, address_length), "connect");
    must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
    return fd;
}

static void make_connection(void)
{
    make_listener();
    mine = connected();
    peers = must(accept(listener, NULL, NULL), "accept");
    close(listener);
    written = shared_memory(sizeof *written);
}

static void make_connection6(void)
{
    family = AF_INET6;
    make_connection();
}

static void keep_mine(void) { close(peers); object_is_fd(mine); }
static void keep_peers(void) { close(mine); }
static void read_byte(void) { must(read(mine, byte, 1), "read"); }
static void recv_byte(void) { must(recv(mine, byte, 1, 0), "recv"); }
static void write_byte(void) { must(write(peers, "x", 1), "write"); }

static void fill(void)
{
    while (send(mine, chunk, sizeof chunk, MSG_DONTWAIT) > 0)
        ;
}

static void keep_mine_full(void)
{
    keep_mine();
    fill();
}

static void take_turns(void) { }

static void write_chunk(void)
{
    /* Partial writes happen only on signals: the call returns when the last byte has found room. */
    must(write(mine, chunk, sizeof chunk), "write");
}

static void note(void) { atomic_fetch_add(written, 1); }

/* Reads until the write is through: its acknowledgements make room for the writer. */
static void drain(void)
{
    static char sink[CHUNK_BYTES];
    static int expected;
    struct pollfd ready = { .fd = peers, .events = POLLIN };
    for (expected++; atomic_load(written) < expected;)
        if (poll(&ready, 1, 1) > 0)
            must(read(peers, sink, sizeof sink), "read");
}

static void name_listener(void) { object_is_fd(listener); }
static void accept_one(void) { mine = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "accept4"); }
static void close_mine(void) { close(mine); }
static void connect_one(void) { close(connected()); }

static const struct scenario scenarios[] = {
    { .mode = "read", .kind = "tcp", .syscall = "read", .evidence = "object", .setup = make_connection,
      .waiter = keep_mine, .waker = keep_peers, .wait = read_byte, .wake = write_byte },
    { .mode = "recv6", .kind = "tcp", .syscall = "recvfrom", .evidence = "object", .setup = make_connection6,
      .waiter = keep_mine, .waker = keep_peers, .wait = recv_byte, .wake = write_byte },
    { .mode = "write", .kind = "tcp", .syscall = "write", .evidence = "object", .setup = make_connection,
      .waiter = keep_mine_full, .waker = keep_peers, .prepare = fill, .wait = write_chunk,
      .settle = note, .hold = take_turns, .wake = drain },
    { .mode = "accept", .kind = "tcp", .syscall = "accept4", .evidence = "object", .setup = make_listener,
      .waiter = name_listener, .wait = accept_one, .settle = close_mine, .wake = connect_one },
};

int main(int argc, char **argv)
{
    return RUN("tcp", scenarios);
}
