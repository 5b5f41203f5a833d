/*
 * Threads of one process that wait for another one of it: each worker for a lock of its own, which the holder has most of the time.
 *
 *   hog [ROUNDS [MILLISECONDS]]
 *
 * The threads have names: hog-holder, worker-1, worker-2. At the end one line of JSON:
 *   pid, holderTid        the process, and the thread that holds the locks
 *   waiters               for each worker: tid, comm, lock (the address), waitedNs in pthread_mutex_lock
 */
#define _GNU_SOURCE
#include "measure.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WORKERS = 2 };

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    char name[16];
    pid_t tid;
    int64_t waited_ns;
};

static struct worker workers[WORKERS];
static pthread_barrier_t held, over;
static int rounds = 20;
static pid_t holder_tid;

static void *work(void *argument)
{
    struct worker *me = argument;
    me->tid = my_tid();
    pthread_setname_np(pthread_self(), me->name);
    for (int i = 0; i < rounds; i++) {
        pthread_barrier_wait(&held);
        int64_t begin_ns = now_ns();
        pthread_mutex_lock(&me->lock);
        me->waited_ns += now_ns() - begin_ns;
        pthread_mutex_unlock(&me->lock);
        pthread_barrier_wait(&over);
    }
    return NULL;
}

static void *hold(void *argument)
{
    holder_tid = my_tid();
    pthread_setname_np(pthread_self(), "hog-holder");
    for (int i = 0; i < rounds; i++) {
        for (int w = 0; w < WORKERS; w++)
            pthread_mutex_lock(&workers[w].lock);
        pthread_barrier_wait(&held);
        sleep_ns(option_ns);
        for (int w = 0; w < WORKERS; w++)
            pthread_mutex_unlock(&workers[w].lock);
        pthread_barrier_wait(&over);
    }
    return argument;
}

int main(int argc, char **argv)
{
    rounds = argc > 1 ? atoi(argv[1]) : rounds;
    option_ns = (argc > 2 ? atoi(argv[2]) : 10) * 1000000LL;
    pthread_barrier_init(&held, NULL, WORKERS + 1);
    pthread_barrier_init(&over, NULL, WORKERS + 1);
    for (int w = 0; w < WORKERS; w++) {
        pthread_mutex_init(&workers[w].lock, NULL);
        snprintf(workers[w].name, sizeof workers[w].name, "worker-%d", w + 1);
        if (pthread_create(&workers[w].thread, NULL, work, &workers[w]) != 0)
            die("pthread_create");
    }
    pthread_t holder;
    if (pthread_create(&holder, NULL, hold, NULL) != 0)
        die("pthread_create");
    pthread_join(holder, NULL);
    for (int w = 0; w < WORKERS; w++)
        pthread_join(workers[w].thread, NULL);
    printf("{\"workload\":\"hog\",\"pid\":%d,\"holderTid\":%d,\"waiters\":[", getpid(), holder_tid);
    for (int w = 0; w < WORKERS; w++)
        printf("%s{\"tid\":%d,\"comm\":\"%s\",\"lock\":\"%p\",\"waitedNs\":%lld}", w ? "," : "", workers[w].tid, workers[w].name,
               (void *) &workers[w].lock, (long long) workers[w].waited_ns);
    printf("]}\n");
    return 0;
}
