/*
 * Waits that are nobody's doing, work, and standing in line.
 *   nanosleep   clock_nanosleep
 *   fsync       a page written and fsync'ed
 *   odirect     an O_DIRECT read of 1 MiB
 *   fault       a page of a file that is mapped and not in memory, touched
 *   msync       a page of a mapped file changed and written back
 *   burn        a loop on the CPU
 *   mixed       a burst on the CPU, a write, an fsync and a sleep
 * Of fsync, odirect, fault and msync the length is the disk's affair; of burn there are no waits: compare loopNs, cpuNs,
 * runDelayNs.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILE_BYTES (16 << 20)
#define READ_BYTES (1 << 20)

static int fd;
static char path[PATH_MAX];
static char *block;
static off_t position;
static volatile uint64_t sum;

static void sleep_once(void) { sleep_ns(option_ns); }

/* Not in /tmp, which may be a tmpfs and then never waits for a disk. */
static void make_file(void)
{
    if (posix_memalign((void **) &block, 4096, READ_BYTES) != 0)
        die("posix_memalign");
    for (int i = 0; i < READ_BYTES; i++)
        block[i] = i;
    snprintf(path, sizeof path, "/var/tmp/ktrace-workload-%d", getpid());
    fd = must(open(path, O_RDWR | O_CREAT | O_EXCL, 0600), "open");
    unlink(path);
    object_is_fd(fd);
}

static void write_page(void) { must(pwrite(fd, block, 4096, 0), "pwrite"); }
static void sync_file(void) { must(fsync(fd), "fsync"); }

static void make_big_file(void)
{
    make_file();
    for (off_t at = 0; at < FILE_BYTES; at += READ_BYTES)
        must(pwrite(fd, block, READ_BYTES, at), "pwrite");
    sync_file();
    must(fcntl(fd, F_SETFL, O_DIRECT), "O_DIRECT");
}

static void read_direct(void)
{
    must(pread(fd, block, READ_BYTES, position), "pread");
    position = (position + READ_BYTES) % FILE_BYTES;
}

static char *mapped;

static void map_file(void)
{
    make_big_file();
    must(fcntl(fd, F_SETFL, 0), "F_SETFL");
    mapped = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED)
        die("mmap");
    /* Without it the pages around come as well. */
    madvise(mapped, FILE_BYTES, MADV_RANDOM);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}

static void next_page(void)
{
    sleep_ns(option_ns);
    position = (position + (64 << 10)) % FILE_BYTES;
}

static void touch_page(void) { sum += *(volatile char *) (mapped + position); }

static void change_page(void)
{
    next_page();
    mapped[position]++;
}

static void sync_page(void) { must(msync(mapped + position, 4096, MS_SYNC), "msync"); }

static void burn(void)
{
    for (int64_t until_ns = now_ns() + option_ns; now_ns() < until_ns;)
        for (int i = 0; i < 1000; i++)
            sum += i;
}

static void work_and_write(void)
{
    burn();
    write_page();
}

static const struct scenario scenarios[] = {
    { .mode = "nanosleep", .kind = "sleep", .syscall = "clock_nanosleep", .evidence = "interrupt",
      .wait = sleep_once },
    { .mode = "fsync", .kind = "disk", .syscall = "fsync", .evidence = "waker", .setup = make_file,
      .prepare = write_page, .wait = sync_file },
    { .mode = "odirect", .kind = "disk", .syscall = "pread64", .evidence = "interrupt", .setup = make_big_file,
      .wait = read_direct },
    { .mode = "fault", .kind = "disk", .syscall = "", .evidence = "interrupt", .setup = map_file,
      .prepare = next_page, .wait = touch_page },
    { .mode = "msync", .kind = "disk", .syscall = "msync", .evidence = "waker", .setup = map_file,
      .prepare = change_page, .wait = sync_page },
    { .mode = "burn", .kind = "", .syscall = "", .evidence = "none", .wait = burn },
    { .mode = "mixed", .kind = "disk", .syscall = "fsync", .evidence = "waker", .setup = make_file,
      .prepare = work_and_write, .wait = sync_file, .settle = sleep_once },
};

int main(int argc, char **argv)
{
    return RUN("plain", scenarios);
}
