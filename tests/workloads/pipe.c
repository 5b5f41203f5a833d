/*
 * Pipes and FIFOs.
 *   read        read of an empty pipe, until the child writes a byte
 *   write       write into a full pipe, until the child has read it empty
 *   fifo        read of an empty FIFO
 *   fifo-open   open of a FIFO for reading, until the child opens it for writing
 *   splice      splice from an empty pipe into another
 *   splice-full splice from a pipe into a full one, until the child has read that empty
 *   tee-full    tee from a pipe into a full one, until the child has read that empty
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIPE_BYTES 4096     /* one page: the smallest pipe there is, so that one read makes it writable again */

static int ends[2], other[2];
static char path[PATH_MAX];
static char page[PIPE_BYTES];

static void make_pipe(void) { must(pipe(ends), "pipe"); }
static void reader_waits(void) { close(ends[1]); object_is_fd(ends[0]); }
static void writer_wakes(void) { close(ends[0]); }
static void read_byte(void) { must(read(ends[0], page, 1), "read"); }
static void write_byte(void) { must(write(ends[1], "x", 1), "write"); }

static void make_small_pipe(void)
{
    make_pipe();
    must(fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES), "F_SETPIPE_SZ");
}

static void fill_then_write(void)
{
    close(ends[0]);
    object_is_fd(ends[1]);
    must(write(ends[1], page, PIPE_BYTES), "write");
}

static void write_page(void) { must(write(ends[1], page, PIPE_BYTES), "write"); }
static void reader_wakes(void) { close(ends[1]); }
static void read_page(void) { must(read(ends[0], page, PIPE_BYTES), "read"); }

static void make_fifo(void)
{
    snprintf(path, sizeof path, "%s/fifo", private_dir());
    must(mkfifo(path, 0600), "mkfifo");
}

static void fifo_reader_waits(void)
{
    ends[0] = must(open(path, O_RDONLY), "open");
    object_is_fd(ends[0]);
}

static void fifo_writer_wakes(void) { ends[1] = must(open(path, O_WRONLY), "open"); }

static void open_waits(void) { object_is("%s", path); }

static void open_for_reading(void) { ends[0] = must(open(path, O_RDONLY), "open"); }

static void close_reader(void) { close(ends[0]); }
static void take_turns(void) { }    /* a writer still open from the last wait would end the next one at once */

static void open_for_writing(void)
{
    ends[1] = must(open(path, O_WRONLY), "open");
    close(ends[1]);
}

static void make_two_pipes(void)
{
    make_pipe();
    must(pipe(other), "pipe");
}

static void splice_byte(void) { must(splice(ends[0], NULL, other[1], NULL, 1, 0), "splice"); }
static void drain_byte(void) { must(read(other[0], page, 1), "read"); }

static void make_two_small_pipes(void)
{
    make_two_pipes();
    must(fcntl(other[1], F_SETPIPE_SZ, PIPE_BYTES), "F_SETPIPE_SZ");
}

/* Both pipes have something in them all the time: it is the second that is waited for. */
static void fill_both(void)
{
    close(other[0]);
    object_is_fd(other[1]);
    must(write(ends[1], page, PIPE_BYTES), "write");
    must(write(other[1], page, PIPE_BYTES), "write");
}

static void keep_reader(void) { close(other[1]); }
static void splice_page(void) { must(splice(ends[0], NULL, other[1], NULL, PIPE_BYTES, 0), "splice"); }
static void tee_page(void) { must(tee(ends[0], other[1], PIPE_BYTES, 0), "tee"); }
static void refill_first(void) { must(write(ends[1], page, PIPE_BYTES), "write"); }
static void read_other(void) { must(read(other[0], page, PIPE_BYTES), "read"); }

static const struct scenario scenarios[] = {
    { .mode = "read", .kind = "pipe", .syscall = "read", .evidence = "object", .setup = make_pipe,
      .waiter = reader_waits, .waker = writer_wakes, .wait = read_byte, .wake = write_byte },
    { .mode = "write", .kind = "pipe", .syscall = "write", .evidence = "object", .setup = make_small_pipe,
      .waiter = fill_then_write, .waker = reader_wakes, .wait = write_page, .wake = read_page },
    { .mode = "fifo", .kind = "fifo", .syscall = "read", .evidence = "object", .setup = make_fifo,
      .waiter = fifo_reader_waits, .waker = fifo_writer_wakes, .wait = read_byte, .wake = write_byte,
      .cleanup = remove_private_dir },
    { .mode = "fifo-open", .kind = "fifo", .syscall = "openat", .evidence = "object", .setup = make_fifo,
      .waiter = open_waits, .wait = open_for_reading, .settle = close_reader, .hold = take_turns,
      .wake = open_for_writing, .cleanup = remove_private_dir },
    { .mode = "splice", .kind = "pipe", .syscall = "splice", .evidence = "object", .setup = make_two_pipes,
      .waiter = reader_waits, .waker = writer_wakes, .wait = splice_byte, .settle = drain_byte,
      .wake = write_byte },
    { .mode = "splice-full", .kind = "pipe", .syscall = "splice", .evidence = "object", .setup = make_two_small_pipes,
      .waiter = fill_both, .waker = keep_reader, .wait = splice_page, .settle = refill_first, .wake = read_other },
    { .mode = "tee-full", .kind = "pipe", .syscall = "tee", .evidence = "object", .setup = make_two_small_pipes,
      .waiter = fill_both, .waker = keep_reader, .wait = tee_page, .wake = read_other },
};

int main(int argc, char **argv)
{
    return RUN("pipe", scenarios);
}
