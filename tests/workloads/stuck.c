/*
 * A process about which some questions are never answered, because a file system of a daemon that has stopped is behind them.
 *   detached    a file is open whose mount was taken out of sight (umount -l): statfs(2) of it does not return
 *   symlink     a thread is in open(2) of a symbolic link that leads into the mount: neither does stat(2) of the link
 *   path        a thread is in open(2) of a path that lies in a mapped file of the mount: reading it from /proc/PID/mem does not return
 *   locked      a thread waits to change the mappings until another has read such a page from /proc/PID/mem: reading
 *               /proc/PID/cmdline does not return either
 *
 *   stuck MODE [--wait-go]
 *
 * Prints {"ready":true,"pid":...,"daemonPid":...} when that is so, or with --wait-go before; then a line on stdin makes it so. A
 * second thread calls getppid each millisecond. All of it is in a mount namespace of its own, so that nobody else can be caught by
 * it: when the process is killed, so is the daemon, the kernel answers every question with an error, and nothing is left. That
 * happens by itself after half a minute. Needs root and /dev/fuse.
 */
#define _GNU_SOURCE
#include "measure.h"
#include "storm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATIENCE_SECONDS 30
#define MOUNT "/tmp/mount"
#define FILE_NODE 2
#define FILE_BYTES 4096
#define SETTLE_NS 50000000      /* long enough for another thread to come to where it stays */

static int device;
static atomic_bool *silent;
static pid_t daemon_pid;

static void reply(const struct fuse_in_header *to, int error, const void *body, size_t size_bytes)
{
    char out[512];
    struct fuse_out_header header = { .len = sizeof header + size_bytes, .error = -error, .unique = to->unique };
    memcpy(out, &header, sizeof header);
    memcpy(out + sizeof header, body, size_bytes);
    must(write(device, out, header.len), "write to /dev/fuse");
}

static struct fuse_attr attributes(uint64_t node)
{
    return (struct fuse_attr) { .ino = node, .nlink = 1, .size = node == FILE_NODE ? FILE_BYTES : 0, .blksize = 4096,
                                .mode = node == FILE_NODE ? S_IFREG | 0600 : S_IFDIR | 0700 };
}

/* As much of a file system as it takes to have one file opened in it. */
static void answer(const struct fuse_in_header *request)
{
    struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_write = 4096 };
    struct fuse_attr_out attribute = { .attr_valid = 1, .attr = attributes(request->nodeid) };
    struct fuse_entry_out entry = { .nodeid = FILE_NODE, .entry_valid = 1, .attr_valid = 1, .attr = attributes(FILE_NODE) };
    /* With a flush at its close, a process could not end before the daemon has answered. */
    struct fuse_open_out opened = { .fh = 1, .open_flags = FOPEN_NOFLUSH };
    switch (request->opcode) {
    case FUSE_INIT:
        reply(request, 0, &init, sizeof init);
        break;
    case FUSE_GETATTR:
        reply(request, 0, &attribute, sizeof attribute);
        break;
    case FUSE_LOOKUP:
        reply(request, 0, &entry, sizeof entry);
        break;
    case FUSE_OPEN:
        reply(request, 0, &opened, sizeof opened);
        break;
    case FUSE_FORGET:
        break;
    default:
        reply(request, ENOSYS, NULL, 0);
    }
}

/* Not by SIGSTOP: a stopped process does not hear its alarm. */
static void fall_silent(int signal)
{
    (void) signal;
    atomic_store(silent, true);
    for (;;)
        pause();
}

static void serve(void)
{
    static char request[FUSE_MIN_READ_BUFFER] __attribute__((aligned(8)));
    alarm(PATIENCE_SECONDS);
    signal(SIGUSR1, fall_silent);
    for (;;) {
        must(read(device, request, sizeof request), "read of /dev/fuse");
        answer((struct fuse_in_header *) request);
    }
}

static void mount_it(void)
{
    char options[64];
    silent = shared_memory(sizeof *silent);
    hide_tmp();
    must(mkdir(MOUNT, 0700), "mkdir");
    device = must(open("/dev/fuse", O_RDWR | O_CLOEXEC), "/dev/fuse");
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
    must(mount("stuck", MOUNT, "fuse", MS_NOSUID | MS_NODEV, options), "mount");
    daemon_pid = fork_child();
    if (daemon_pid == 0)
        serve();
    close(device);      /* when the daemon ends, it is the last that has it: the kernel gives up the mount */
}

/* What it has not read by now, it never will; whoever waits for an answer can be killed, as the question is still the kernel's. */
static void silence_daemon(void)
{
    must(kill(daemon_pid, SIGUSR1), "kill");
    while (!atomic_load(silent))
        sleep_ns(1000000);
}

static int open_file(void) { return must(open(MOUNT "/file", O_RDONLY | O_CLOEXEC), "open"); }

static void detached(void)
{
    open_file();
    must(umount2(MOUNT, MNT_DETACH), "umount2");
    silence_daemon();
}

static void start(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, body, argument) != 0)
        die("pthread_create");
    sleep_ns(SETTLE_NS);
}

static void *open_link(void *unused)
{
    open("/tmp/link", O_RDONLY | O_CLOEXEC);
    return unused;
}

static void through_link(void)
{
    silence_daemon();
    must(symlink("mount/file", "/tmp/link"), "symlink");     /* relative, so that it holds in /proc/PID/root too */
    start(open_link, NULL);
}

static char *map_file(void)
{
    char *page = mmap(NULL, FILE_BYTES, PROT_READ, MAP_SHARED, open_file(), 0);
    if (page == MAP_FAILED)
        die("mmap");
    silence_daemon();
    return page;
}

static void *open_there(void *page)
{
    open(page, O_RDONLY | O_CLOEXEC);
    return NULL;
}

static void path(void)
{
    start(open_there, map_file());
}

static void *read_page(void *page)
{
    char byte;
    if (pread(must(open("/proc/self/mem", O_RDONLY | O_CLOEXEC), "/proc/self/mem"), &byte, 1, (uintptr_t) page) < 0)
        die("pread");
    return NULL;
}

static void *map_more(void *unused)
{
    sleep_ns(3 * SETTLE_NS);
    mmap(NULL, FILE_BYTES, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return unused;
}

/* One holds the lock for as long as it waits for the page; the other, who wants it for itself, bars it to everybody else. */
static void locked(void)
{
    char *page = map_file();
    start(map_more, NULL);      /* first: a thread's stack is a mapping too */
    start(read_page, page);
    sleep_ns(3 * SETTLE_NS);
}

static void *call(void *unused)
{
    for (;;) {
        syscall(SYS_getppid);
        sleep_ns(1000000);
    }
    return unused;
}

static void say_ready(void)
{
    printf("{\"ready\":true,\"pid\":%d,\"daemonPid\":%d}\n", getpid(), daemon_pid);
}

int main(int argc, char **argv)
{
    static const struct { const char *name; void (*begin)(void); } modes[] = {
        { "detached", detached }, { "symlink", through_link }, { "path", path }, { "locked", locked },
    };
    void (*begin)(void) = NULL;
    static char text[128];
    char line[16];
    for (size_t i = 0; i < sizeof modes / sizeof *modes && argc > 1; i++)
        if (strcmp(argv[1], modes[i].name) == 0)
            begin = modes[i].begin;
    if (!begin) {
        fprintf(stderr, "usage: %s detached|symlink|path|locked [--wait-go]\n", argv[0]);
        return 2;
    }
    alarm(PATIENCE_SECONDS);
    setvbuf(stdout, text, _IOLBF, sizeof text);     /* no memory can be had any more when the mappings are locked */
    mount_it();
    start(call, NULL);
    if (argc > 2) {
        say_ready();
        must(read(STDIN_FILENO, line, sizeof line), "read");
        begin();
    } else {
        begin();
        say_ready();
    }
    for (;;)
        pause();
}
