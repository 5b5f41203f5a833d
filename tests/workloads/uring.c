/*
 * io_uring, by its system calls alone: what is waited for is what the request in the ring is on.
 *   read        io_uring_enter with a read of an empty pipe, until the child writes
 *   defer       the same with IORING_SETUP_DEFER_TASKRUN
 *   coop        the same with IORING_SETUP_COOP_TASKRUN
 *   sqpoll      the same with a thread of the kernel that takes the requests
 *   two         the same, while a read of a pipe that nobody writes to is under way
 *   registered  the same, and the ring is known to the kernel by a registered number
 *   write       a write to a full pipe, until the child reads
 *   recv        a receive on a unix socket, until the child sends
 *   accept      an accept on TCP, until the child connects
 *   poll        a poll of a unix socket, until the child sends
 *   futex       a futex in shared memory, until the child wakes it
 *   epoll       epoll_wait for the ring, in which a read of a pipe is under way
 *   eventfd     read of the eventfd of such a ring
 *   message     io_uring_enter without a request, until the child posts IORING_OP_MSG_RING
 *   timeout     a timeout: nobody's interrupt
 *   fsync       an fsync, which a thread of the kernel does
 *   punted      a write to a file, by such a thread from the start
 *   by-ring     a plain read of a pipe, until the child writes through a ring
 *   by-worker   the same, and a thread of the kernel does it
 *   by-sqpoll   the same, and a thread of the kernel takes it
 *   by-send     a plain read of a unix socket, until the child sends through a ring
 *   aio-poll    io_getevents of Linux AIO with a poll of a pipe, until the child writes
 *   aio-disk    io_getevents with a read past the page cache
 */
#define _GNU_SOURCE
#include "measure.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DISK_BYTES (1 << 20)
/* So much that it takes milliseconds: it is a copy to the page cache. */
#define PUNTED_BYTES (16 << 20)
#ifndef IORING_OP_FUTEX_WAIT
#define IORING_OP_FUTEX_WAIT 51
#endif

struct ring {
    int fd;
    unsigned flags;
    unsigned *sq_tail, *sq_mask, *sq_flags, *sq_array, *cq_head, *cq_tail, *cq_mask;
    struct io_uring_sqe *sqes;
    struct io_uring_cqe *cqes;
};

static struct ring ring, other;
static int reads, writes, idle_reads, event, set, listener;
static char *buffer;
static uint32_t *word;
static struct sockaddr_in address;
static aio_context_t aio;

static struct ring make(unsigned flags)
{
    struct io_uring_params params = { .flags = flags, .sq_thread_idle = 2000 };
    struct ring r = { .fd = must(syscall(SYS_io_uring_setup, 8, &params), "io_uring_setup") };
    size_t size = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
    char *both = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r.fd, IORING_OFF_SQ_RING);
    r.sqes = mmap(NULL, params.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r.fd,
            IORING_OFF_SQES);
    if (both == MAP_FAILED || r.sqes == MAP_FAILED)
        die("mmap");
    r.sq_tail = (unsigned *) (both + params.sq_off.tail);
    r.sq_mask = (unsigned *) (both + params.sq_off.ring_mask);
    r.sq_flags = (unsigned *) (both + params.sq_off.flags);
    r.sq_array = (unsigned *) (both + params.sq_off.array);
    r.cq_head = (unsigned *) (both + params.cq_off.head);
    r.cq_tail = (unsigned *) (both + params.cq_off.tail);
    r.cq_mask = (unsigned *) (both + params.cq_off.ring_mask);
    r.cqes = (struct io_uring_cqe *) (both + params.cq_off.cqes);
    return r;
}

static struct io_uring_sqe *request(struct ring *r, int operation, int fd, void *data, unsigned length, uint64_t offset)
{
    unsigned place = *r->sq_tail & *r->sq_mask;
    struct io_uring_sqe *sqe = &r->sqes[place];
    memset(sqe, 0, sizeof *sqe);
    sqe->opcode = operation;
    sqe->fd = fd;
    sqe->addr = (uintptr_t) data;
    sqe->len = length;
    sqe->off = offset;
    r->sq_array[place] = place;
    return sqe;
}

static void queue(struct ring *r) { __atomic_store_n(r->sq_tail, *r->sq_tail + 1, __ATOMIC_SEQ_CST); }

static void enter(struct ring *r, unsigned submit, unsigned wait, unsigned flags)
{
    if (*r->sq_flags & IORING_SQ_NEED_WAKEUP)
        flags |= IORING_ENTER_SQ_WAKEUP;
    must(syscall(SYS_io_uring_enter, r->flags & IORING_ENTER_REGISTERED_RING ? 0 : r->fd, submit, wait, flags | r->flags, NULL, 0),
            "io_uring_enter");
}

/* The result of the first that is done; -EAGAIN when none is. */
static int take(struct ring *r)
{
    unsigned head = *r->cq_head;
    if (head == __atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE))
        return -EAGAIN;
    int result = r->cqes[head & *r->cq_mask].res;
    __atomic_store_n(r->cq_head, head + 1, __ATOMIC_RELEASE);
    return result;
}

static void wait_in_ring(void) { enter(&ring, 1, 1, IORING_ENTER_GETEVENTS); }

static void taken(void)
{
    int result = take(&ring);
    if (result < 0 && result != -ETIME) {
        errno = -result;
        die("request");
    }
}

static void make_pipe(void)
{
    int ends[2];
    must(pipe(ends), "pipe");
    reads = ends[0];
    writes = ends[1];
    buffer = malloc(DISK_BYTES);
    memset(buffer, 1, DISK_BYTES);
}

static void make_sockets(void)
{
    int ends[2];
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
    reads = ends[0];
    writes = ends[1];
    buffer = malloc(DISK_BYTES);
}

static void name_reader(void) { close(writes); object_is_fd(reads); }
static void keep_writer(void) { close(reads); }
static void plain(void) { name_reader(); ring = make(0); }
static void defer(void) { name_reader(); ring = make(IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN); }
static void coop(void) { name_reader(); ring = make(IORING_SETUP_COOP_TASKRUN); }
static void sqpoll(void) { name_reader(); ring = make(IORING_SETUP_SQPOLL); }
static void put(void) { must(write(writes, "x", 1), "write"); }
static void ask_read(void) { request(&ring, IORING_OP_READ, reads, buffer, 1, -1); queue(&ring); }
static void ask_poll(void) { request(&ring, IORING_OP_POLL_ADD, reads, NULL, 0, 0)->poll32_events = POLLIN; queue(&ring); }
static void ask_receive(void) { request(&ring, IORING_OP_RECV, reads, buffer, 1, 0); queue(&ring); }
static void taken_and_read(void) { taken(); must(read(reads, buffer, 1), "read"); }

static void registered(void)
{
    plain();
    struct io_uring_rsrc_update update = { .offset = 0, .data = ring.fd };
    must(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_RING_FDS, &update, 1), "io_uring_register");
    ring.flags = IORING_ENTER_REGISTERED_RING;
}

static void make_two_pipes(void)
{
    make_pipe();
    idle_reads = reads;
    make_pipe();
}

static void two(void)
{
    plain();
    request(&ring, IORING_OP_READ, idle_reads, buffer + 1, 1, -1);
    queue(&ring);
    enter(&ring, 1, 0, 0);
}

static void make_full_pipe(void)
{
    make_pipe();
    must(fcntl(writes, F_SETPIPE_SZ, 4096), "fcntl");
    must(write(writes, buffer, 4096), "write");
}

static void name_writer(void) { close(reads); object_is_fd(writes); ring = make(0); }
static void ask_write(void) { request(&ring, IORING_OP_WRITE, writes, buffer, 4096, -1); queue(&ring); }
static void keep_reader(void) { close(writes); }
static void get(void) { must(read(reads, buffer, 4096), "read"); }

static void make_listener(void)
{
    socklen_t size = sizeof address;
    address = (struct sockaddr_in) { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    listener = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(listener, (struct sockaddr *) &address, size), "bind");
    must(listen(listener, 8), "listen");
    must(getsockname(listener, (struct sockaddr *) &address, &size), "getsockname");
}

static void name_listener(void) { object_is_fd(listener); ring = make(0); }
static void ask_accept(void) { request(&ring, IORING_OP_ACCEPT, listener, NULL, 0, 0); queue(&ring); }
static void close_accepted(void) { close(must(take(&ring), "accept")); }

static void connect_once(void)
{
    int fd = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(connect(fd, (struct sockaddr *) &address, sizeof address), "connect");
    close(fd);
}

static void make_word(void) { word = shared_memory(sizeof *word); }
static void only_ring(void) { ring = make(0); }

static void ask_futex(void)
{
    struct io_uring_sqe *sqe = request(&ring, IORING_OP_FUTEX_WAIT, 2 /* FUTEX2_SIZE_U32 */, word, 0, __atomic_load_n(word,
            __ATOMIC_SEQ_CST));
    sqe->addr3 = FUTEX_BITSET_MATCH_ANY;
    queue(&ring);
}

static void wake_word(void)
{
    __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
    must(syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0), "futex");
}

/* One change before one wait: two would be one. */
static void take_turns(void) { }

static void ring_in_set(void)
{
    plain();
    struct epoll_event in = { .events = EPOLLIN };
    set = must(epoll_create1(0), "epoll_create1");
    must(epoll_ctl(set, EPOLL_CTL_ADD, ring.fd, &in), "epoll_ctl");
}

static void begin_read(void) { ask_read(); enter(&ring, 1, 0, 0); }

static void wait_for_set(void)
{
    struct epoll_event found;
    while (epoll_wait(set, &found, 1, -1) < 0 && errno == EINTR) { }
}

static void ring_with_event(void)
{
    plain();
    event = must(eventfd(0, 0), "eventfd");
    must(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_EVENTFD, &event, 1), "io_uring_register");
}

static void wait_for_event(void)
{
    uint64_t value;
    must(read(event, &value, sizeof value), "read");
}

static void make_shared_ring(void) { ring = make(0); }
static void name_ring(void) { object_is_fd(ring.fd); }
static void own_ring(void) { other = make(0); }
static void wait_for_message(void) { enter(&ring, 0, 1, IORING_ENTER_GETEVENTS); }

static void post(void)
{
    request(&other, IORING_OP_MSG_RING, ring.fd, NULL, 7, 1);
    queue(&other);
    enter(&other, 1, 1, IORING_ENTER_GETEVENTS);
    must(take(&other), "message");
}

static void ask_timeout(void)
{
    static struct __kernel_timespec length;
    length = (struct __kernel_timespec) { .tv_sec = option_ns / 1000000000, .tv_nsec = option_ns % 1000000000 };
    request(&ring, IORING_OP_TIMEOUT, -1, &length, 1, 0);
    queue(&ring);
}

static int make_file(int flags)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/file", private_dir());
    int fd = must(open(path, O_RDWR | O_CREAT, 0600), "open");
    must(write(fd, buffer, DISK_BYTES), "write");
    must(fsync(fd), "fsync");
    close(fd);
    return must(open(path, O_RDWR | flags), "open");
}

static void open_file(void)
{
    buffer = aligned_alloc(4096, PUNTED_BYTES);
    memset(buffer, 1, PUNTED_BYTES);
    reads = make_file(0);
    object_is_fd(reads);
    ring = make(0);
}

static void ask_sync(void)
{
    must(pwrite(reads, buffer, DISK_BYTES / 4, 0), "pwrite");
    request(&ring, IORING_OP_FSYNC, reads, NULL, 0, 0);
    queue(&ring);
}

static void ask_punted(void)
{
    request(&ring, IORING_OP_WRITE, reads, buffer, PUNTED_BYTES, 0)->flags |= IOSQE_ASYNC;
    queue(&ring);
}

static void read_plain(void) { must(read(reads, buffer, 1), "read"); }
static void own_plain(void) { keep_writer(); other = make(0); }
static void own_sqpoll(void) { keep_writer(); other = make(IORING_SETUP_SQPOLL); }

static void put_by(int operation, unsigned flags)
{
    request(&other, operation, writes, "x", 1, operation == IORING_OP_SEND ? 0 : -1)->flags |= flags;
    queue(&other);
    enter(&other, 1, 1, IORING_ENTER_GETEVENTS);
    must(take(&other), "put");
}

static void put_by_ring(void) { put_by(IORING_OP_WRITE, 0); }
static void put_by_worker(void) { put_by(IORING_OP_WRITE, IOSQE_ASYNC); }
static void send_by_ring(void) { put_by(IORING_OP_SEND, 0); }

static void submit_aio(struct iocb *block)
{
    /* Programs keep the list of what they submit: here it is looked at while they wait. */
    static struct iocb *list[1];
    list[0] = block;
    must(syscall(SYS_io_submit, aio, 1, list), "io_submit");
}

static void set_up_aio(void) { name_reader(); must(syscall(SYS_io_setup, 8, &aio), "io_setup"); }

static void submit_poll(void)
{
    static struct iocb block;
    block = (struct iocb) { .aio_lio_opcode = IOCB_CMD_POLL, .aio_fildes = reads, .aio_buf = POLLIN };
    submit_aio(&block);
}

static void wait_for_aio(void)
{
    struct io_event done;
    must(syscall(SYS_io_getevents, aio, 1, 1, &done, NULL), "io_getevents");
}

static void open_past_cache(void)
{
    buffer = aligned_alloc(4096, DISK_BYTES);
    memset(buffer, 1, DISK_BYTES);
    reads = make_file(O_DIRECT);
    object_is_fd(reads);
    must(syscall(SYS_io_setup, 8, &aio), "io_setup");
}

static void submit_read(void)
{
    static struct iocb block;
    block = (struct iocb) { .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = reads, .aio_buf = (uintptr_t) buffer,
        .aio_nbytes = DISK_BYTES };
    submit_aio(&block);
}

#define IN_RING .syscall = "io_uring_enter", .evidence = "object", .wait = wait_in_ring

static const struct scenario scenarios[] = {
    { .mode = "read", .kind = "pipe", IN_RING, .setup = make_pipe, .waiter = plain, .waker = keep_writer, .prepare = ask_read,
      .settle = taken, .wake = put },
    { .mode = "defer", .kind = "pipe", IN_RING, .setup = make_pipe, .waiter = defer, .waker = keep_writer, .prepare = ask_read,
      .settle = taken, .wake = put },
    { .mode = "coop", .kind = "pipe", IN_RING, .setup = make_pipe, .waiter = coop, .waker = keep_writer, .prepare = ask_read,
      .settle = taken, .wake = put },
    { .mode = "sqpoll", .kind = "pipe", IN_RING, .setup = make_pipe, .waiter = sqpoll, .waker = keep_writer,
      .prepare = ask_read, .settle = taken, .wake = put },
    { .mode = "two", .kind = "pipe", IN_RING, .setup = make_two_pipes, .waiter = two, .waker = keep_writer,
      .prepare = ask_read, .settle = taken, .wake = put },
    { .mode = "registered", .kind = "pipe", IN_RING, .setup = make_pipe, .waiter = registered, .waker = keep_writer,
      .prepare = ask_read, .settle = taken, .wake = put },
    { .mode = "write", .kind = "pipe", IN_RING, .setup = make_full_pipe, .waiter = name_writer, .waker = keep_reader,
      .prepare = ask_write, .settle = taken, .wake = get },
    { .mode = "recv", .kind = "unix", IN_RING, .setup = make_sockets, .waiter = plain, .waker = keep_writer,
      .prepare = ask_receive, .settle = taken, .wake = put },
    { .mode = "accept", .kind = "tcp", IN_RING, .setup = make_listener, .waiter = name_listener, .prepare = ask_accept,
      .settle = close_accepted, .wake = connect_once },
    { .mode = "poll", .kind = "unix", IN_RING, .setup = make_sockets, .waiter = plain, .waker = keep_writer,
      .prepare = ask_poll, .settle = taken_and_read, .wake = put },
    { .mode = "futex", .kind = "futex", IN_RING, .setup = make_word, .waiter = only_ring, .prepare = ask_futex,
      .settle = taken, .hold = take_turns, .wake = wake_word },
    { .mode = "epoll", .kind = "pipe", .syscall = "epoll_wait", .evidence = "object", .setup = make_pipe,
      .waiter = ring_in_set, .waker = keep_writer, .prepare = begin_read, .wait = wait_for_set, .settle = taken, .wake = put },
    { .mode = "eventfd", .kind = "pipe", .syscall = "read", .evidence = "object", .setup = make_pipe,
      .waiter = ring_with_event, .waker = keep_writer, .prepare = begin_read, .wait = wait_for_event, .settle = taken,
      .wake = put },
    { .mode = "message", .kind = "io_uring", .syscall = "io_uring_enter", .evidence = "object", .setup = make_shared_ring,
      .waiter = name_ring, .waker = own_ring, .wait = wait_for_message, .settle = taken, .wake = post },
    { .mode = "timeout", .kind = "sleep", .syscall = "io_uring_enter", .evidence = "interrupt", .setup = only_ring,
      .prepare = ask_timeout, .wait = wait_in_ring, .settle = taken },
    { .mode = "fsync", .kind = "disk", .syscall = "io_uring_enter", .evidence = "object", .setup = open_file,
      .prepare = ask_sync, .wait = wait_in_ring, .settle = taken, .cleanup = remove_private_dir },
    { .mode = "punted", .kind = "disk", .syscall = "io_uring_enter", .evidence = "object", .setup = open_file,
      .prepare = ask_punted, .wait = wait_in_ring, .settle = taken, .cleanup = remove_private_dir },
    { .mode = "by-ring", .kind = "pipe", .syscall = "read", .evidence = "object", .setup = make_pipe, .waiter = name_reader,
      .waker = own_plain, .wait = read_plain, .wake = put_by_ring },
    { .mode = "by-worker", .kind = "pipe", .syscall = "read", .evidence = "object", .setup = make_pipe,
      .waiter = name_reader, .waker = own_plain, .wait = read_plain, .wake = put_by_worker },
    { .mode = "by-sqpoll", .kind = "pipe", .syscall = "read", .evidence = "object", .setup = make_pipe,
      .waiter = name_reader, .waker = own_sqpoll, .wait = read_plain, .wake = put_by_ring },
    { .mode = "by-send", .kind = "unix", .syscall = "read", .evidence = "object", .setup = make_sockets,
      .waiter = name_reader, .waker = own_plain, .wait = read_plain, .wake = send_by_ring },
    { .mode = "aio-poll", .kind = "pipe", .syscall = "io_getevents", .evidence = "object", .setup = make_pipe,
      .waiter = set_up_aio, .waker = keep_writer, .prepare = submit_poll, .wait = wait_for_aio, .settle = read_plain,
      .wake = put },
    { .mode = "aio-disk", .kind = "disk", .syscall = "io_getevents", .evidence = "interrupt", .setup = open_past_cache,
      .prepare = submit_read, .wait = wait_for_aio, .cleanup = remove_private_dir },
};

int main(int argc, char **argv) { return RUN("uring", scenarios); }
