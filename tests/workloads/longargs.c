/*
 * Children that exec with arguments of great length, some at a time.
 *
 *   longargs EXECS BYTES
 *
 * Each child execs this program with so many bytes of arguments, which are as many words as the kernel wants (it takes at most
 * 128 KiB for one), all of them of the letter a; it sleeps for long enough to be looked at, then it ends. Prints
 *   {"workload":"longargs","pid":...,"execs":N,"bytes":N}
 */
#define _GNU_SOURCE
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORD_BYTES (100 * 1024)
#define AT_A_TIME 16
#define LIFE_NS 50000000

static void reap_one(void)
{
    int status;
    must(wait(&status), "wait");
    if (status != 0)
        die("a child failed");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--end") == 0) {
        sleep_ns(LIFE_NS);
        return 0;
    }
    int execs = argc > 2 ? atoi(argv[1]) : 0;
    long bytes = argc > 2 ? atol(argv[2]) : 0;
    if (execs < 1 || bytes < 1) {
        fprintf(stderr, "usage: %s EXECS BYTES\n", argv[0]);
        return 2;
    }
    long words = (bytes + WORD_BYTES - 1) / WORD_BYTES;
    char **arguments = calloc(words + 3, sizeof *arguments);
    char *word = malloc(WORD_BYTES);
    memset(word, 'a', WORD_BYTES - 1);
    word[WORD_BYTES - 1] = 0;
    arguments[0] = "longargs";
    arguments[1] = "--end";
    for (long i = 0; i < words; i++)
        arguments[i + 2] = word;
    for (int i = 0; i < execs; i++) {
        if (i >= AT_A_TIME)
            reap_one();
        if (fork_child() == 0) {
            execv("/proc/self/exe", arguments);
            _exit(1);
        }
    }
    for (int i = 0; i < execs && i < AT_A_TIME; i++)
        reap_one();
    printf("{\"workload\":\"longargs\",\"pid\":%d,\"execs\":%d,\"bytes\":%ld}\n", getpid(), execs, words * WORD_BYTES);
    return 0;
}
