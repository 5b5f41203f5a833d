/* The course of every storm: see storm.h. */
#define _GNU_SOURCE
#include "storm.h"
#include "measure.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#define PATIENCE_SECONDS 60

int option_descriptors;
int option_mappings;

static bool parse_options(int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        if (i + 1 < argc && strcmp(argv[i], "--descriptors") == 0)
            option_descriptors = atoi(argv[++i]);
        else if (i + 1 < argc && strcmp(argv[i], "--mappings") == 0)
            option_mappings = atoi(argv[++i]);
        else
            return false;
    }
    return true;
}

void hide_tmp(void)
{
    must(unshare(CLONE_NEWNS), "unshare");
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), "mount");
    must(mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, NULL), "mount");
}

/* Neighbours differ in their protection, so that the kernel keeps each by itself. */
static void make_mappings(void)
{
    for (int i = 0; i < option_mappings; i++)
        if (mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
            die("mmap");
}

int run_storm(int argc, char **argv, const char *workload, const struct storm *table, size_t size)
{
    const struct storm *storm = NULL;
    int process = 0;
    for (size_t i = 0; i < size && argc > 1; i++)
        if (strcmp(table[i].mode, argv[1]) == 0)
            storm = &table[i];
    if (!storm || !parse_options(argc, argv)) {
        fprintf(stderr, "usage: %s MODE [--descriptors N] [--mappings N], MODE one of:\n", workload);
        for (size_t i = 0; i < size; i++)
            fprintf(stderr, "  %s\n", table[i].mode);
        return 2;
    }
    alarm(PATIENCE_SECONDS);
    signal(SIGPIPE, SIG_IGN);
    make_mappings();
    for (int i = 0; i < option_descriptors; i++)
        must(open("/dev/null", O_RDONLY), "open");
    if (storm->setup)
        storm->setup();
    printf("{\"ready\":true,\"pids\":[%d", getpid());
    for (int i = 1; i < storm->processes; i++) {
        fflush(stdout);     /* or each child would say it again */
        pid_t pid = fork_child();
        if (pid == 0) {
            process = i;
            break;
        }
        printf(",%d", pid);
    }
    if (process == 0) {
        printf("]}\n");
        fflush(stdout);
    }
    for (;;)
        storm->round(process);
}
