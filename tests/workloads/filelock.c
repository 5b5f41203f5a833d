/*
 * File locks, held by the child while it sleeps.
 *   flock       flock LOCK_EX
 *   fcntl       fcntl F_SETLKW, a process's lock
 *   ofd         fcntl F_OFD_SETLKW, an open file description's lock
 *   other-fd    fcntl F_SETLKW, until the child closes another descriptor of the file
 */
#define _GNU_SOURCE
#include "measure.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

static char path[PATH_MAX];
static int fd, command;

/* Each party opens the file itself: a description inherited would be the same owner. */
static void make_file(void)
{
    snprintf(path, sizeof path, "%s/lock", private_dir());
    close(must(creat(path, 0600), "creat"));
}

static void make_file_fcntl(void) { make_file(); command = F_SETLKW; }
static void make_file_ofd(void) { make_file(); command = F_OFD_SETLKW; }
static void open_file(void) { fd = must(open(path, O_RDWR), "open"); }

static void open_and_name(void)
{
    open_file();
    object_is_fd(fd);
}

static void flock_lock(void) { must(flock(fd, LOCK_EX), "flock"); }
static void flock_unlock(void) { must(flock(fd, LOCK_UN), "flock"); }

static void set_lock(short type)
{
    struct flock whole = { .l_type = type, .l_whence = SEEK_SET };
    must(fcntl(fd, command, &whole), "fcntl");
}

static void fcntl_lock(void) { set_lock(F_WRLCK); }
static void fcntl_unlock(void) { set_lock(F_UNLCK); }

static int other = -1;

static void lock_and_open_again(void)
{
    open_file();
    other = must(open(path, O_RDONLY), "open");
    fcntl_lock();
}

static void close_other(void)
{
    close(other);
    close(fd);
}

#define PARTIES .waiter = open_and_name, .waker = open_file, .cleanup = remove_private_dir

static const struct scenario scenarios[] = {
    { .mode = "flock", .kind = "filelock", .syscall = "flock", .evidence = "object", .setup = make_file, PARTIES,
      .wait = flock_lock, .settle = flock_unlock, .hold = flock_lock, .wake = flock_unlock },
    { .mode = "fcntl", .kind = "filelock", .syscall = "fcntl", .evidence = "object", .setup = make_file_fcntl,
      PARTIES, .wait = fcntl_lock, .settle = fcntl_unlock, .hold = fcntl_lock, .wake = fcntl_unlock },
    { .mode = "ofd", .kind = "filelock", .syscall = "fcntl", .evidence = "object", .setup = make_file_ofd,
      PARTIES, .wait = fcntl_lock, .settle = fcntl_unlock, .hold = fcntl_lock, .wake = fcntl_unlock },
    { .mode = "other-fd", .kind = "filelock", .syscall = "fcntl", .evidence = "object", .setup = make_file_fcntl,
      .waiter = open_and_name, .wait = fcntl_lock, .settle = fcntl_unlock, .hold = lock_and_open_again, .wake = close_other,
      .cleanup = remove_private_dir },
};

int main(int argc, char **argv)
{
    return RUN("filelock", scenarios);
}
