/*
 * Names and arguments that would take over a terminal, break a line of JSON or are not UTF-8.
 *
 *   evilcomm [--ms MILLISECONDS]
 *
 * Starts one process for each name, one after the other. Each has an argument with escapes too, sets its name with
 * prctl, reads from a pipe that its parent writes to after the given time (default 50), and exits. Prints
 *   {"workload":"evilcomm","pid":...,"names":[{"pid":...,"commHex":"1b5b..."},...]}
 */
#define _GNU_SOURCE
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const names[] = {
    "\033[31mred\033[0m", "\033]0;title\a", "\033[2J\033[H", "line\nbreak", "quote\"'\\", "\xff\xfe\xc3(", "tab\tcr\rbs\b",
    "\xc2\x9b" "1mcsi", "<b>&amp;", "=1+1,\";", ") S 1 1", "\xe2\x80\xaertl",
};

#define NAMES (sizeof names / sizeof *names)

static int bear(const char *name)
{
    char byte;
    must(prctl(PR_SET_NAME, name), "PR_SET_NAME");
    must(read(STDIN_FILENO, &byte, 1), "read");
    return 0;
}

int main(int argc, char **argv)
{
    int64_t duration_ns = 50000000;
    pid_t pids[NAMES];
    if (argc == 4 && strcmp(argv[1], "--bear") == 0)
        return bear(names[atoi(argv[2])]);
    if (argc == 3 && strcmp(argv[1], "--ms") == 0)
        duration_ns = atof(argv[2]) * 1e6;
    for (size_t i = 0; i < NAMES; i++) {
        int ends[2];
        must(pipe(ends), "pipe");
        pids[i] = fork_child();
        if (pids[i] == 0) {
            char number[16];
            snprintf(number, sizeof number, "%zu", i);
            must(dup2(ends[0], STDIN_FILENO), "dup2");
            close(ends[0]);
            close(ends[1]);
            execl("/proc/self/exe", "evilcomm\033[5m", "--bear", number, "\033[41margument\n\"\xff\"", NULL);
            _exit(1);
        }
        close(ends[0]);
        sleep_ns(duration_ns);
        must(write(ends[1], "x", 1), "write");
        close(ends[1]);
        must(waitpid(pids[i], NULL, 0), "waitpid");
    }
    printf("{\"workload\":\"evilcomm\",\"pid\":%d,\"names\":[", getpid());
    for (size_t i = 0; i < NAMES; i++) {
        printf("%s{\"pid\":%d,\"commHex\":\"", i ? "," : "", pids[i]);
        for (const char *c = names[i]; *c && c < names[i] + 15; c++)
            printf("%02x", (unsigned char) *c);
        printf("\"}");
    }
    printf("]}\n");
    return 0;
}
