/*
 * leaderless: the first thread ends, and another goes on making calls for a second before the process exits with 5.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void *rest(void *unused)
{
    int64_t end_ns = now_ns() + 1000000000LL;
    while (now_ns() < end_ns) {
        (void) getppid();
        sleep_ns(1000000);
    }
    exit(5);
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, rest, NULL) != 0)
        die("pthread_create");
    pthread_exit(NULL);
}
