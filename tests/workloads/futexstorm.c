/*
 * Futexes at ever new addresses; storm.h says how a storm goes.
 *   private     FUTEX_WAKE of private ones, for which nobody waits
 *   shared      the same of shared ones
 *   waiters     two threads, one of which waits at each address until the other wakes it there
 *   processes   three processes; each wakes shared and private ones
 * The shared ones lie in one file.
 */
#define _GNU_SOURCE
#include "measure.h"
#include "storm.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NEVER_MAPPED 0x100000000L       /* a private one is known by its address: nothing needs to be there */
#define SHARED_BYTES (1L << 30)         /* sparse: 4 KiB of it are used for each thousand of futexes */
#define ADDRESSES (SHARED_BYTES / 4)

static uint32_t *shared;

static long futex(void *address, int operation, uint32_t value)
{
    return syscall(SYS_futex, address, operation, value, NULL, NULL, 0);
}

static void map_shared(void)
{
    int file = must(memfd_create("futexes", MFD_CLOEXEC), "memfd_create");
    must(ftruncate(file, SHARED_BYTES), "ftruncate");
    shared = mmap(NULL, SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED)
        die("mmap");
    close(file);
}

static void wake_private(int process)
{
    static long made;
    (void) process;
    futex((char *) NEVER_MAPPED + 4 * made++, FUTEX_WAKE_PRIVATE, 1);
}

static void wake_shared(int process)
{
    static long made;
    long index = made++ * 4 + process;
    must(futex(&shared[index % ADDRESSES], FUTEX_WAKE, 1), "futex");
}

static void wake_both(int process)
{
    wake_shared(process);
    wake_private(process);
}

/* Where the waiter is. It waits while the word there is 0. */
static _Atomic long turn;

static void *wait_at_each(void *unused)
{
    for (long index = 0;; index++) {
        uint32_t *word = &shared[index % ADDRESSES];
        while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == 0)
            futex(word, FUTEX_WAIT_PRIVATE, 0);
        *word = 0;
        atomic_store(&turn, index + 1);
    }
    return unused;
}

static void start_waiter(void)
{
    pthread_t thread;
    map_shared();
    if (pthread_create(&thread, NULL, wait_at_each, NULL) != 0)
        die("pthread_create");
}

static void wake_waiter(int process)
{
    (void) process;
    long index = atomic_load(&turn);
    uint32_t *word = &shared[index % ADDRESSES];
    __atomic_store_n(word, 1, __ATOMIC_RELEASE);
    futex(word, FUTEX_WAKE_PRIVATE, 1);
    while (atomic_load(&turn) == index)
        must(syscall(SYS_sched_yield), "sched_yield");
}

static const struct storm storms[] = {
    { .mode = "private", .round = wake_private },
    { .mode = "shared", .setup = map_shared, .round = wake_shared },
    { .mode = "waiters", .setup = start_waiter, .round = wake_waiter },
    { .mode = "processes", .processes = 3, .setup = map_shared, .round = wake_both },
};

int main(int argc, char **argv)
{
    return STORM("futexstorm", storms);
}
