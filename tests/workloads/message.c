/*
 * Sockets without connections.
 *   udp         recvfrom of an empty UDP socket on 127.0.0.1
 *   udp-connected   recv, both ends connected to each other
 *   netlink     recv of a netlink socket; the child sends from another (NETLINK_USERSOCK, unicast)
 */
#define _GNU_SOURCE
#include "measure.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

static int mine, peers;
static struct sockaddr_in address;
static struct sockaddr_nl port;
static char byte[1];

static int udp_socket(struct sockaddr_in *name)
{
    int fd = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
    *name = (struct sockaddr_in) { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof *name;
    must(bind(fd, (struct sockaddr *) name, sizeof *name), "bind");
    must(getsockname(fd, (struct sockaddr *) name, &length), "getsockname");
    return fd;
}

static void make_udp(void)
{
    struct sockaddr_in unused;
    mine = udp_socket(&address);
    peers = udp_socket(&unused);
}

static void make_udp_connected(void)
{
    struct sockaddr_in back;
    mine = udp_socket(&address);
    peers = udp_socket(&back);
    must(connect(mine, (struct sockaddr *) &back, sizeof back), "connect");
    must(connect(peers, (struct sockaddr *) &address, sizeof address), "connect");
}

static void make_netlink(void)
{
    struct sockaddr_nl any = { .nl_family = AF_NETLINK };
    socklen_t length = sizeof port;
    mine = must(socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK), "socket");
    peers = must(socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK), "socket");
    must(bind(mine, (struct sockaddr *) &any, sizeof any), "bind");
    must(bind(peers, (struct sockaddr *) &any, sizeof any), "bind");
    must(getsockname(mine, (struct sockaddr *) &port, &length), "getsockname");
}

static void keep_mine(void) { close(peers); object_is_fd(mine); }
static void keep_peers(void) { close(mine); }
static void recv_byte(void) { must(recv(mine, byte, 1, 0), "recv"); }
static void send_connected(void) { must(send(peers, "x", 1, 0), "send"); }

static void recv_from(void)
{
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    must(recvfrom(mine, byte, 1, 0, (struct sockaddr *) &from, &length), "recvfrom");
}

static void send_to(void)
{
    must(sendto(peers, "x", 1, 0, (struct sockaddr *) &address, sizeof address), "sendto");
}

static void send_netlink(void)
{
    must(sendto(peers, "x", 1, 0, (struct sockaddr *) &port, sizeof port), "sendto");
}

static const struct scenario scenarios[] = {
    { .mode = "udp", .kind = "udp", .syscall = "recvfrom", .evidence = "object", .setup = make_udp,
      .waiter = keep_mine, .waker = keep_peers, .wait = recv_from, .wake = send_to },
    { .mode = "udp-connected", .kind = "udp", .syscall = "recvfrom", .evidence = "object",
      .setup = make_udp_connected, .waiter = keep_mine, .waker = keep_peers, .wait = recv_byte,
      .wake = send_connected },
    { .mode = "netlink", .kind = "netlink", .syscall = "recvfrom", .evidence = "waker", .setup = make_netlink,
      .waiter = keep_mine, .waker = keep_peers, .wait = recv_byte, .wake = send_netlink },
};

int main(int argc, char **argv)
{
    return RUN("message", scenarios);
}
