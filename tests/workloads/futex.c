/*
 * Futexes: between two threads (private) and between two processes (shared memory).
 *   mutex       pthread_mutex_lock of a mutex that the other thread holds
 *   condvar     pthread_cond_wait, until the other thread signals
 *   semaphore   sem_wait of a semaphore in shared memory, until the child posts
 *   shared      FUTEX_WAIT on a word in shared memory, until the child wakes
 *   requeue     FUTEX_WAIT on one word; the child moves the waiter to a second one, sleeps, and wakes there
 *   pi          pthread_mutex_lock of a priority-inheritance mutex in shared memory
 *   bitset      FUTEX_WAIT_BITSET with a timeout far away
 */
#define _GNU_SOURCE
#include "measure.h"

#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct shared {
    atomic_int word, second;
    sem_t semaphore;
    pthread_mutex_t mutex;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condvar = PTHREAD_COND_INITIALIZER;
static int posted, taken;
static struct shared *shared;

static long futex(atomic_int *word, int op, int value, void *timeout_or_count, atomic_int *second, int value3)
{
    return syscall(SYS_futex, word, op, value, timeout_or_count, second, value3);
}

static void check(int error, const char *call)
{
    if (error)
        die(call);
}

/* Two threads. */

static void name_mutex(void) { object_is("%p", (void *) &mutex); }
static void lock(void) { check(pthread_mutex_lock(&mutex), "lock"); }
static void unlock(void) { check(pthread_mutex_unlock(&mutex), "unlock"); }

static void lock_and_name_condvar(void)
{
    lock();
    /* glibc waits on one of two groups within the object: the address differs from call to call. */
    object_is("%p", (void *) &condvar);
}

static void await_condition(void)
{
    while (posted == taken)
        check(pthread_cond_wait(&condvar, &mutex), "wait");
    taken++;
}

static void signal_condition(void)
{
    lock();
    posted++;
    unlock();   /* before the signal: else the woken thread would wait again, for the mutex */
    check(pthread_cond_signal(&condvar), "signal");
}

/* Two processes. */

static void share(void)
{
    shared = shared_memory(sizeof *shared);
    must(sem_init(&shared->semaphore, 1, 0), "sem_init");
}

static void name_word(void) { object_is("%p", (void *) &shared->word); }
static void name_semaphore(void) { object_is("%p", (void *) &shared->semaphore); }
static void wait_semaphore(void) { must(sem_wait(&shared->semaphore), "sem_wait"); }
static void post_semaphore(void) { must(sem_post(&shared->semaphore), "sem_post"); }

static void wait_word(void)
{
    while (!atomic_exchange(&shared->word, 0))
        futex(&shared->word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

static void wait_bitset(void)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 60;
    while (!atomic_exchange(&shared->word, 0))
        futex(&shared->word, FUTEX_WAIT_BITSET, 0, &until, NULL, FUTEX_BITSET_MATCH_ANY);
}

/* Two wakes before one wait would be one. */
static void take_turns(void) { }

static void wake_word(void)
{
    atomic_store(&shared->word, 1);
    futex(&shared->word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void wait_word_once(void) { futex(&shared->word, FUTEX_WAIT, 0, NULL, NULL, 0); }

/* The waker has slept already, so the waiter is surely asleep on the first word when it is moved to the second. */
static void requeue_then_wake(void)
{
    must(futex(&shared->word, FUTEX_CMP_REQUEUE, 0, (void *) 1, &shared->second, 0), "FUTEX_CMP_REQUEUE");
    sleep_ns(option_ns / 2);
    must(futex(&shared->second, FUTEX_WAKE, 1, NULL, NULL, 0), "FUTEX_WAKE");
}

static void share_pi_mutex(void)
{
    share();
    pthread_mutexattr_t attributes;
    check(pthread_mutexattr_init(&attributes), "mutexattr_init");
    check(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED), "setpshared");
    check(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT), "setprotocol");
    check(pthread_mutex_init(&shared->mutex, &attributes), "mutex_init");
}

static void name_pi_mutex(void) { object_is("%p", (void *) &shared->mutex); }
static void lock_pi(void) { check(pthread_mutex_lock(&shared->mutex), "lock"); }
static void unlock_pi(void) { check(pthread_mutex_unlock(&shared->mutex), "unlock"); }

static const struct scenario scenarios[] = {
    { .mode = "mutex", .kind = "futex", .syscall = "futex", .evidence = "object", .threads = true,
      .waiter = name_mutex, .wait = lock, .settle = unlock, .hold = lock, .wake = unlock },
    { .mode = "condvar", .kind = "futex", .syscall = "futex", .evidence = "object", .threads = true,
      .waiter = lock_and_name_condvar, .wait = await_condition, .wake = signal_condition },
    { .mode = "semaphore", .kind = "futex", .syscall = "futex", .evidence = "object", .setup = share,
      .waiter = name_semaphore, .wait = wait_semaphore, .wake = post_semaphore },
    { .mode = "shared", .kind = "futex", .syscall = "futex", .evidence = "object", .setup = share,
      .waiter = name_word, .wait = wait_word, .hold = take_turns, .wake = wake_word },
    { .mode = "requeue", .kind = "futex", .syscall = "futex", .evidence = "object", .setup = share,
      .waiter = name_word, .wait = wait_word_once, .hold = take_turns, .wake = requeue_then_wake },
    { .mode = "pi", .kind = "futex", .syscall = "futex", .evidence = "object", .setup = share_pi_mutex,
      .waiter = name_pi_mutex, .wait = lock_pi, .settle = unlock_pi, .hold = lock_pi, .wake = unlock_pi },
    { .mode = "bitset", .kind = "futex", .syscall = "futex", .evidence = "object", .setup = share,
      .waiter = name_word, .wait = wait_bitset, .hold = take_turns, .wake = wake_word },
};

int main(int argc, char **argv)
{
    return RUN("futex", scenarios);
}
