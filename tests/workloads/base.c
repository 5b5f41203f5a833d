/* The system calls that every workload needs, with their failures made fatal: see measure.h. */
#define _GNU_SOURCE
#include "measure.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int64_t now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

void sleep_ns(int64_t duration_ns)
{
    int64_t until_ns = now_ns() + duration_ns;
    struct timespec until = { until_ns / 1000000000LL, until_ns % 1000000000LL };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        ;
}

void die(const char *what)
{
    perror(what);
    exit(1);
}

long must(long result, const char *call)
{
    if (result == -1)
        die(call);
    return result;
}

void *shared_memory(size_t size_bytes)
{
    void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        die("mmap");
    memset(memory, 0, size_bytes);
    return memory;
}

pid_t fork_child(void)
{
    pid_t parent = getpid();
    pid_t pid = must(fork(), "fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(1);
    }
    return pid;
}

pid_t my_tid(void)
{
    return syscall(SYS_gettid);
}

static char directory[64];

const char *private_dir(void)
{
    if (!directory[0]) {
        strcpy(directory, "/tmp/ktrace-workload-XXXXXX");
        if (!mkdtemp(directory))
            die("mkdtemp");
    }
    return directory;
}

void remove_private_dir(void)
{
    DIR *dir = opendir(directory);
    if (!dir)
        return;
    char path[PATH_MAX];
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        unlink(path);
    }
    closedir(dir);
    rmdir(directory);
}
