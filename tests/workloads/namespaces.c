/*
 * Many network namespaces, in each of which a server accepts what a client connects: each connection is a wait for it.
 *
 *   namespaces COUNT CONNECTIONS [MILLISECONDS]
 *
 * Each namespace is made by its server, which is a child, and so is its client. When all are there, the client of each sleeps for
 * that long (2 ms) and connects, again and again; when the server has sent a byte, both close. Prints
 *   {"workload":"namespaces","connections":N,"servers":[pid,...],"clients":[pid,...]}
 * where the client of the first server is the first. Needs root.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct place { pid_t server, client; };

static int connections;
static int64_t pause_ns = 2000000;
static struct sockaddr_in address;
static atomic_int *ready;       /* servers that listen; minus one when all do */
static struct place *places;

static void raise_loopback(void)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    int any = must(socket(AF_INET, SOCK_DGRAM, 0), "socket");
    must(ioctl(any, SIOCSIFFLAGS, &request), "SIOCSIFFLAGS");
    close(any);
}

static int listening(void)
{
    socklen_t length = sizeof address;
    address = (struct sockaddr_in) { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(fd, (struct sockaddr *) &address, length), "bind");
    must(listen(fd, 8), "listen");
    must(getsockname(fd, (struct sockaddr *) &address, &length), "getsockname");
    return fd;
}

static void connect_all(void)
{
    char byte;
    while (atomic_load(ready) >= 0)
        sleep_ns(1000000);
    for (int i = 0; i < connections; i++) {
        sleep_ns(pause_ns);
        int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
        must(connect(fd, (struct sockaddr *) &address, sizeof address), "connect");
        must(read(fd, &byte, 1), "read");
        close(fd);
    }
}

static void serve(struct place *place)
{
    int status;
    must(unshare(CLONE_NEWNET), "unshare");
    raise_loopback();
    int listener = listening();
    place->server = getpid();
    pid_t client = fork_child();
    if (client == 0) {
        close(listener);
        connect_all();
        _exit(0);
    }
    place->client = client;
    atomic_fetch_add(ready, 1);
    for (int i = 0; i < connections; i++) {
        int fd = must(accept4(listener, NULL, NULL, SOCK_CLOEXEC), "accept4");
        must(write(fd, "x", 1), "write");
        close(fd);
    }
    must(waitpid(place->client, &status, 0), "waitpid");
    _exit(status != 0);
}

static void print_pids(const char *name, int count, size_t offset)
{
    printf(",\"%s\":[", name);
    for (int i = 0; i < count; i++)
        printf("%s%d", i ? "," : "", *(pid_t *) ((char *) &places[i] + offset));
    printf("]");
}

int main(int argc, char **argv)
{
    int count = argc > 2 ? atoi(argv[1]) : 0;
    connections = argc > 2 ? atoi(argv[2]) : 0;
    if (count < 1 || connections < 1) {
        fprintf(stderr, "usage: %s COUNT CONNECTIONS [MILLISECONDS]\n", argv[0]);
        return 2;
    }
    if (argc > 3)
        pause_ns = atof(argv[3]) * 1e6;
    ready = shared_memory(sizeof *ready);
    places = shared_memory(count * sizeof *places);
    for (int i = 0; i < count; i++)
        if (fork_child() == 0)
            serve(&places[i]);
    while (atomic_load(ready) < count)
        sleep_ns(1000000);
    atomic_store(ready, -1);
    for (int i = 0; i < count; i++) {
        int status;
        must(wait(&status), "wait");
        if (status != 0)
            die("a server failed");
    }
    printf("{\"workload\":\"namespaces\",\"connections\":%d", count * connections);
    print_pids("servers", count, offsetof(struct place, server));
    print_pids("clients", count, offsetof(struct place, client));
    printf("}\n");
    return 0;
}
