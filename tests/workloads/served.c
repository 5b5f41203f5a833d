/*
 * What another process serves or has to allow: the child answers after its sleep.
 *   fuse-read   pread of a file of a FUSE mount
 *   fuse-stat   newfstatat of one
 *   fuse-fault  a load from one that is mapped
 *   fanotify    openat of a file that is watched by FAN_OPEN_PERM
 *   userfault   read into a page that a thread fills through a userfaultfd
 *   lease       openat of a file of which the child has a lease
 */
#define _GNU_SOURCE
#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fuse.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096
#define FILE_NODE 2
#define MAPPED_PAGES 256

static char path[PATH_MAX], mount_point[PATH_MAX], buffer[PAGE];
static int served, fd = -1, turn;

static void take_turns(void) {}

/* ---- FUSE: the protocol of /dev/fuse, fuse(4) ---- */

static void mount_served(void)
{
    char options[80];
    snprintf(mount_point, sizeof mount_point, "%s/mnt", private_dir());
    snprintf(path, sizeof path, "%.4000s/file", mount_point);
    must(mkdir(mount_point, 0700), "mkdir");
    served = must(open("/dev/fuse", O_RDWR | O_CLOEXEC), "open");
    snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", served);
    must(mount("served", mount_point, "fuse", MS_NOSUID | MS_NODEV, options), "mount");
}

static void unmount(void)
{
    if (fd >= 0)
        close(fd);
    must(umount2(mount_point, MNT_DETACH), "umount2");
    must(rmdir(mount_point), "rmdir");
    remove_private_dir();
}

static void answer(uint64_t unique, int error, const void *data, size_t size_bytes)
{
    struct fuse_out_header header = { .len = sizeof header + size_bytes, .error = error, .unique = unique };
    struct iovec parts[] = { { &header, sizeof header }, { (void *)data, size_bytes } };
    must(writev(served, parts, size_bytes ? 2 : 1), "writev");
}

static struct fuse_attr attributes(uint64_t node)
{
    return (struct fuse_attr) { .ino = node, .mode = node == FILE_NODE ? S_IFREG | 0644 : S_IFDIR | 0755, .nlink = 1,
        .size = node == FILE_NODE ? 1 << 20 : 0, .blksize = PAGE };
}

/* Answers one request, and gives what it was. Names are good for no time: each use of the path asks anew. */
static uint32_t serve_one(void)
{
    static char request[1 << 18];
    static const char data[1 << 17];
    const struct fuse_in_header *in = (void *)request;
    const void *arguments = in + 1;
    must(read(served, request, sizeof request), "read /dev/fuse");
    switch (in->opcode) {
    case FUSE_INIT: {
        struct fuse_init_out out = { .major = 7, .minor = 31, .max_readahead = PAGE, .max_write = 1 << 16, .time_gran = 1 };
        answer(in->unique, 0, &out, sizeof out);
        break;
    }
    case FUSE_LOOKUP: {
        struct fuse_entry_out out = { .nodeid = FILE_NODE, .attr_valid = 1000, .attr = attributes(FILE_NODE) };
        answer(in->unique, 0, &out, sizeof out);
        break;
    }
    case FUSE_GETATTR: {
        struct fuse_attr_out out = { .attr_valid = 1000, .attr = attributes(in->nodeid) };
        answer(in->unique, 0, &out, sizeof out);
        break;
    }
    case FUSE_OPEN: {
        struct fuse_open_out out = { .open_flags = FOPEN_DIRECT_IO };
        answer(in->unique, 0, &out, sizeof out);
        break;
    }
    case FUSE_READ:
        answer(in->unique, 0, data, ((const struct fuse_read_in *)arguments)->size);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        break;
    default:
        answer(in->unique, -ENOSYS, NULL, 0);
    }
    return in->opcode;
}

static void serve_until(uint32_t opcode)
{
    while (serve_one() != opcode) {
    }
}

static void serve_opening(void) { serve_until(FUSE_OPEN); }
static void serve_start(void) { serve_until(FUSE_INIT); }
static void serve_read(void) { serve_until(FUSE_READ); }
static void serve_lookup(void) { serve_until(FUSE_LOOKUP); }

static void open_served(void)
{
    close(served);
    fd = must(open(path, O_RDONLY), "open");
    object_is("%s", path);
}

static void stat_served(void)
{
    struct stat status;
    must(stat(path, &status), "stat");
}

static void start_stats(void)
{
    close(served);
    object_is("%s", path);
}

static volatile const char *mapped;

static void map_served(void)
{
    open_served();
    char *pages = mmap(NULL, MAPPED_PAGES * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    if (pages == MAP_FAILED)
        must(-1, "mmap");
    must(madvise(pages, MAPPED_PAGES * PAGE, MADV_RANDOM), "madvise");
    mapped = pages;
}

/* Each page once. */
static void touch_served(void) { buffer[0] = mapped[turn++ % MAPPED_PAGES * PAGE]; }

static void read_served(void) { must(pread(fd, buffer, PAGE, 0), "pread"); }

/* ---- fanotify(7) ---- */

static void make_file(void)
{
    snprintf(path, sizeof path, "%s/file", private_dir());
    close(must(creat(path, 0600), "creat"));
}

static void make_watched(void)
{
    make_file();
    served = must(fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY), "fanotify_init");
    must(fanotify_mark(served, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, path), "fanotify_mark");
}

static void leave_to_child(void)
{
    close(served);
    object_is("%s", path);
}

static void open_file(void) { fd = must(open(path, O_WRONLY), "open"); }
static void close_file(void) { close(fd); }

static void allow(void)
{
    struct fanotify_event_metadata event;
    must(read(served, &event, sizeof event), "read fanotify");
    struct fanotify_response response = { .fd = event.fd, .response = FAN_ALLOW };
    must(write(served, &response, sizeof response), "write fanotify");
    close(event.fd);
}

/* ---- userfaultfd(2) ---- */

static char *pages;
static int zero;

static void make_pages(void)
{
    struct uffdio_api api = { .api = UFFD_API };
    size_t size_bytes = (size_t)PAGE * option_count;
    pages = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise(pages, size_bytes, MADV_NOHUGEPAGE);
    struct uffdio_register range = { .range = { (uintptr_t)pages, size_bytes }, .mode = UFFDIO_REGISTER_MODE_MISSING };
    served = must(syscall(SYS_userfaultfd, O_CLOEXEC), "userfaultfd");
    must(ioctl(served, UFFDIO_API, &api), "UFFDIO_API");
    must(ioctl(served, UFFDIO_REGISTER, &range), "UFFDIO_REGISTER");
    zero = must(open("/dev/zero", O_RDONLY), "open");
}

static void read_into_page(void) { must(read(zero, pages + (size_t)PAGE * turn, 1), "read"); }
static void next_page(void) { turn++; }

static void fill_page(void)
{
    struct uffd_msg message;
    must(read(served, &message, sizeof message), "read userfaultfd");
    struct uffdio_copy copy = { .dst = message.arg.pagefault.address & ~(uint64_t)(PAGE - 1), .src = (uintptr_t)buffer,
        .len = PAGE };
    must(ioctl(served, UFFDIO_COPY, &copy), "UFFDIO_COPY");
}

/* ---- F_SETLEASE, fcntl(2) ---- */

static void make_leased(void)
{
    sigset_t broken;
    sigemptyset(&broken);
    sigaddset(&broken, SIGIO);
    must(sigprocmask(SIG_BLOCK, &broken, NULL), "sigprocmask");
    make_file();
}

static void name_file(void) { object_is("%s", path); }

static void lease(void)
{
    fd = must(open(path, O_RDONLY), "open");
    must(fcntl(fd, F_SETLEASE, F_RDLCK), "F_SETLEASE");
}

static void end_lease(void)
{
    must(fcntl(fd, F_SETLEASE, F_UNLCK), "F_SETLEASE");
    close(fd);
}

static const struct scenario scenarios[] = {
    { .mode = "fuse-read", .kind = "fuse", .syscall = "pread64", .evidence = "object", .setup = mount_served,
      .waiter = open_served, .waker = serve_opening, .wait = read_served, .hold = take_turns, .wake = serve_read,
      .cleanup = unmount },
    { .mode = "fuse-fault", .kind = "fuse", .syscall = "", .evidence = "object", .setup = mount_served,
      .waiter = map_served, .waker = serve_opening, .wait = touch_served, .hold = take_turns, .wake = serve_read,
      .cleanup = unmount },
    { .mode = "fuse-stat", .kind = "fuse", .syscall = "newfstatat", .evidence = "object", .setup = mount_served,
      .waiter = start_stats, .waker = serve_start, .wait = stat_served, .hold = take_turns, .wake = serve_lookup,
      .cleanup = unmount },
    { .mode = "fanotify", .kind = "fanotify", .syscall = "openat", .evidence = "object", .setup = make_watched,
      .waiter = leave_to_child, .wait = open_file, .settle = close_file, .hold = take_turns, .wake = allow,
      .cleanup = remove_private_dir },
    { .mode = "userfault", .kind = "userfault", .syscall = "read", .evidence = "object", .threads = true,
      .setup = make_pages, .wait = read_into_page, .settle = next_page, .hold = take_turns, .wake = fill_page },
    { .mode = "lease", .kind = "filelock", .syscall = "openat", .evidence = "object", .setup = make_leased,
      .waiter = name_file, .wait = open_file, .settle = close_file, .hold = lease, .wake = end_lease,
      .cleanup = remove_private_dir },
};

int main(int argc, char **argv)
{
    return RUN("served", scenarios);
}
