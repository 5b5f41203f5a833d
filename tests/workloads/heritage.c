/*
 * What a program inherits from whoever started it. Run traced and untraced, the two lines must be equal.
 *
 *   heritage [EXIT_STATUS | signal NUMBER]
 *
 * Prints one line of JSON: the blocked and ignored signals, the resource limits, a checksum of the environment, the open
 * fds (with what they are, when that is not a terminal's or pipe's number), process group and session (relative to the
 * parent, since numbers differ), controlling terminal, working directory, umask, nice value, scheduling policy, CPU
 * affinity, capabilities' effective set, no_new_privs and seccomp mode. Then it exits with the status, or kills itself.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static void print_status_lines(void)
{
    static const char *const wanted[] = { "SigBlk:", "SigIgn:", "SigCgt:", "CapEff:", "NoNewPrivs:", "Seccomp:",
                                          "Cpus_allowed:", "Uid:", "Gid:", "TracerPid:" };
    char line[512];
    FILE *file = fopen("/proc/self/status", "re");
    if (!file)
        die("/proc/self/status");
    while (fgets(line, sizeof line, file))
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
            if (strncmp(line, wanted[i], strlen(wanted[i])) == 0) {
                char *value = line + strlen(wanted[i]);
                for (char *c = value; *c; c++)
                    *c = *c == '\t' || *c == '\n' ? ' ' : *c;
                printf("\"%.*s\":\"%s\",", (int) strlen(wanted[i]) - 1, wanted[i], value);
            }
    fclose(file);
}

static void print_limits(void)
{
    printf("\"limits\":[");
    for (int i = 0; i < RLIMIT_NLIMITS; i++) {
        struct rlimit limit;
        must(getrlimit(i, &limit), "getrlimit");
        printf("%s[%ld,%ld]", i ? "," : "", (long) limit.rlim_cur, (long) limit.rlim_max);
    }
    printf("],");
}

static void print_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    bool first = true;
    if (!dir)
        die("/proc/self/fd");
    printf("\"fds\":[");
    for (struct dirent *entry; (entry = readdir(dir));) {
        int fd = atoi(entry->d_name);
        struct stat st;
        if (entry->d_name[0] == '.' || fd == dirfd(dir) || fstat(fd, &st) != 0)
            continue;
        printf("%s\"%d:%o:%x\"", first ? "" : ",", fd, st.st_mode & S_IFMT, fcntl(fd, F_GETFL) & O_ACCMODE);
        first = false;
    }
    closedir(dir);
    printf("],");
}

static uint64_t environment_checksum(void)
{
    uint64_t hash = 1469598103934665603ULL;     /* FNV-1a */
    for (char **variable = environ; *variable; variable++) {
        if (strncmp(*variable, "_=", 2) == 0)
            continue;   /* the shell names the program it started, which is the tracer */
        for (char *c = *variable; *c; c++)
            hash = (hash ^ (unsigned char) *c) * 1099511628211ULL;
        hash = (hash ^ '\n') * 1099511628211ULL;
    }
    return hash;
}

int main(int argc, char **argv)
{
    char cwd[PATH_MAX];
    mode_t mask = umask(0);
    umask(mask);
    int tty = open("/dev/tty", O_RDWR);
    printf("{\"workload\":\"heritage\",");
    if (tty >= 0)
        close(tty);
    print_status_lines();
    print_limits();
    print_fds();
    printf("\"environment\":\"%016lx\",\"processGroupLeader\":%s,\"sessionLeader\":%s,\"sameSessionAsParent\":%s,",
           environment_checksum(), getpgrp() == getpid() ? "true" : "false", getsid(0) == getpid() ? "true" : "false",
           getsid(0) == getsid(getppid()) ? "true" : "false");
    printf("\"processGroup\":%d,\"session\":%d,\"controllingTerminal\":%s,\"cwd\":\"%s\",\"umask\":\"%03o\",",
           getpgrp(), getsid(0), tty >= 0 ? "true" : "false", getcwd(cwd, sizeof cwd) ? cwd : "?", mask);
    printf("\"nice\":%d,\"policy\":%d,\"argc\":%d}\n", getpriority(PRIO_PROCESS, 0), sched_getscheduler(0), argc);
    fflush(stdout);
    if (argc == 3 && strcmp(argv[1], "signal") == 0) {
        raise(atoi(argv[2]));
        pause();
    }
    return argc > 1 ? atoi(argv[1]) : 0;
}
