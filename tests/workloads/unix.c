/*
 * Unix domain sockets.
 *   read        read of an empty stream socket
 *   write       write into a stream socket whose peer does not read
 *   recv        recv of an empty datagram socket
 *   seqpacket   recvmsg of an empty seqpacket socket
 *   datagram-full       send on a datagram socket connected to a receiver whose queue is full, as syslog's is
 *   datagram-full-to    the same by sendto, to its address
 *   accept      accept, until the child connects
 *   connect     connect to a listener whose queue is full, until the child accepts
 */
#define _GNU_SOURCE
#include "measure.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CHUNK_BYTES (64 * 1024)

static int mine, peers, listener, queued;
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static char chunk[CHUNK_BYTES], byte[1];

static void make_pair(int type)
{
    int ends[2];
    must(socketpair(AF_UNIX, type, 0, ends), "socketpair");
    mine = ends[0];
    peers = ends[1];
}

static void make_stream(void) { make_pair(SOCK_STREAM); }
static void make_datagram(void) { make_pair(SOCK_DGRAM); }
static void make_seqpacket(void) { make_pair(SOCK_SEQPACKET); }
static void keep_mine(void) { close(peers); object_is_fd(mine); }
static void keep_peers(void) { close(mine); }
static void read_byte(void) { must(read(mine, byte, 1), "read"); }
static void write_byte(void) { must(write(peers, "x", 1), "write"); }
static void recv_byte(void) { must(recv(mine, byte, 1, 0), "recv"); }
static void send_byte(void) { must(send(peers, "x", 1, 0), "send"); }

static void recvmsg_byte(void)
{
    struct iovec iov = { byte, 1 };
    struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
    must(recvmsg(mine, &message, 0), "recvmsg");
}

static void fill(void)
{
    keep_mine();
    while (send(mine, chunk, sizeof chunk, MSG_DONTWAIT) > 0)
        ;
}

static void write_chunk(void) { must(write(mine, chunk, sizeof chunk), "write"); }

/* Until it is empty: the kernel wakes a writer only when a good part of its buffer is free. */
static void drain(void)
{
    char sink[CHUNK_BYTES];
    while (recv(peers, sink, sizeof sink, MSG_DONTWAIT) > 0)
        ;
}

/*
 * Full once more before each wait, for the drained buffer would take chunk after chunk. Not before the other party has done with
 * draining: it would drain what is filled in, and the next write would find room.
 */
static void refill(void)
{
    while (send(mine, chunk, sizeof chunk, MSG_DONTWAIT) > 0)
        ;
}

static void take_turns(void) { }

static void make_listener(void)
{
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", private_dir());
    listener = must(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
    must(bind(listener, (struct sockaddr *) &address, sizeof address), "bind");
    must(listen(listener, 0), "listen");
}

static int connected(void)
{
    int fd = must(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
    must(connect(fd, (struct sockaddr *) &address, sizeof address), "connect");
    return fd;
}

static void name_listener(void) { object_is("%s", address.sun_path); }
static void accept_one(void) { mine = must(accept(listener, NULL, NULL), "accept"); }
static void close_mine(void) { close(mine); }
static void connect_one(void) { close(connected()); }

/* A backlog of 0 holds one connection: with it taken, the next connect waits. */
static void take_the_queue(void)
{
    name_listener();
    queued = connected();
}

static void new_socket(void) { mine = must(socket(AF_UNIX, SOCK_STREAM, 0), "socket"); }
static void connect_mine(void) { must(connect(mine, (struct sockaddr *) &address, sizeof address), "connect"); }

/* The connection just made is the one that fills the queue for the next wait. */
static void swap_queued(void)
{
    close(queued);
    queued = mine;
}

static void accept_and_close(void) { close(must(accept(listener, NULL, NULL), "accept")); }

static void make_receiver(void)
{
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", private_dir());
    peers = must(socket(AF_UNIX, SOCK_DGRAM, 0), "socket");
    must(bind(peers, (struct sockaddr *) &address, sizeof address), "bind");
}

static void fill_receiver(void)
{
    name_listener();
    close(peers);
    mine = must(socket(AF_UNIX, SOCK_DGRAM, 0), "socket");
    must(connect(mine, (struct sockaddr *) &address, sizeof address), "connect");
    while (send(mine, "x", 1, MSG_DONTWAIT) > 0)
        ;
}

static void fill_receiver_by_address(void)
{
    name_listener();
    close(peers);
    mine = must(socket(AF_UNIX, SOCK_DGRAM, 0), "socket");
    while (sendto(mine, "x", 1, MSG_DONTWAIT, (struct sockaddr *) &address, sizeof address) > 0)
        ;
}

static void send_datagram(void) { must(send(mine, "x", 1, 0), "send"); }
static void send_to_receiver(void) { must(sendto(mine, "x", 1, 0, (struct sockaddr *) &address, sizeof address), "sendto"); }
static void receive_one(void) { must(recv(peers, byte, 1, 0), "recv"); }

static const struct scenario scenarios[] = {
    { .mode = "read", .kind = "unix", .syscall = "read", .evidence = "object", .setup = make_stream,
      .waiter = keep_mine, .waker = keep_peers, .wait = read_byte, .wake = write_byte },
    { .mode = "write", .kind = "unix", .syscall = "write", .evidence = "object", .setup = make_stream,
      .waiter = fill, .waker = keep_peers, .prepare = refill, .wait = write_chunk, .hold = take_turns, .wake = drain },
    { .mode = "recv", .kind = "unix", .syscall = "recvfrom", .evidence = "object", .setup = make_datagram,
      .waiter = keep_mine, .waker = keep_peers, .wait = recv_byte, .wake = send_byte },
    { .mode = "seqpacket", .kind = "unix", .syscall = "recvmsg", .evidence = "object", .setup = make_seqpacket,
      .waiter = keep_mine, .waker = keep_peers, .wait = recvmsg_byte, .wake = send_byte },
    { .mode = "datagram-full", .kind = "unix", .syscall = "sendto", .evidence = "object", .setup = make_receiver,
      .waiter = fill_receiver, .wait = send_datagram, .wake = receive_one, .cleanup = remove_private_dir },
    { .mode = "datagram-full-to", .kind = "unix", .syscall = "sendto", .evidence = "object", .setup = make_receiver,
      .waiter = fill_receiver_by_address, .wait = send_to_receiver, .wake = receive_one, .cleanup = remove_private_dir },
    { .mode = "accept", .kind = "unix", .syscall = "accept", .evidence = "object", .setup = make_listener,
      .waiter = name_listener, .wait = accept_one, .settle = close_mine, .wake = connect_one,
      .cleanup = remove_private_dir },
    { .mode = "connect", .kind = "unix", .syscall = "connect", .evidence = "object", .setup = make_listener,
      .waiter = take_the_queue, .prepare = new_socket, .wait = connect_mine, .settle = swap_queued,
      .wake = accept_and_close, .cleanup = remove_private_dir },
};

int main(int argc, char **argv)
{
    return RUN("unix", scenarios);
}
