/*
 * What every workload shares: two parties (two processes, or two threads), a wait of known length repeated a known
 * number of times, the waiter's own measure of it, and one line of JSON at the end.
 *
 *   workload MODE [--count N] [--ms MILLISECONDS] [--wait-go]
 *
 * The process that was started is the waiter; the waker is its child (or its second thread). The waker sleeps in
 * clock_nanosleep for the given time, then wakes the waiter, count times over. The waiter times only the blocking call.
 *
 * With --wait-go a first line {"ready":true,"waiterPid":...,"wakerPid":...} is printed, and nothing else happens until
 * a line arrives on stdin: time enough to attach to both parties.
 *
 * The last line, all times in nanoseconds of CLOCK_MONOTONIC unless said otherwise:
 *   workload, mode        what ran
 *   kind, syscall         what ktrace should call the wait, and the call that blocked
 *   evidence              the evidence that ktrace should have at least: object, waker or interrupt
 *   object, inode         the waiter's object as /proc/self/fd names it; inode 0 where there is none
 *   address               the waiter's end, as in 127.0.0.1:5001 or [::1]:5001; empty unless TCP or UDP
 *   waiterPid, waiterTid, wakerPid, wakerTid      (wakerPid 0: nobody wakes it)
 *   wakerPids             present if each wait had a waker of its own
 *   waits, totalNs, minNs, maxNs                  the blocking calls, as measured around them
 *   cutNs                 the same in all, if those above the median had lasted no longer than that
 *   waitRunDelayNs        what of totalNs the waiter was runnable and not running
 *   loopNs, cpuNs, runDelayNs                     the whole loop: wall clock; CPU time of the waiter's thread;
 *                         its time on a run queue (/proc/thread-self/schedstat). loopNs - cpuNs - runDelayNs is
 *                         therefore the time it was blocked, by the kernel's own book-keeping.
 *   switchesVoluntary, switchesInvoluntary        of the waiter's thread, in the loop
 *   beginNs, endNs        when the loop began and ended
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct scenario {
    const char *mode;
    const char *kind;
    const char *syscall;
    const char *evidence;
    bool threads;           /* the waker is a second thread of the waiter's process */
    void (*setup)(void);    /* before the fork: makes what both ends share */
    void (*waiter)(void);   /* once in the waiter, before its loop: closes the waker's ends, names the object */
    void (*waker)(void);    /* once in the waker */
    void (*prepare)(void);  /* in the waiter before each wait, not timed */
    void (*wait)(void);     /* the blocking call, and nothing else: timed */
    void (*settle)(void);   /* in the waiter after each wait, not timed */
    bool settles_first;     /* what settle does is what the program does first: it reads from what it has polled */
    void (*hold)(void);     /* in the waker before it sleeps; if set, the parties take turns (locks need it) */
    void (*wake)(void);     /* in the waker, after its sleep; if NULL there is no waker */
    void (*cleanup)(void);  /* in the waiter at the end: removes what would outlive it */
};

/* Runs the scenario that argv[1] names, and returns main's status. */
int run_scenario(int argc, char **argv, const char *workload, const struct scenario *table, size_t size);

#define RUN(workload, table) run_scenario(argc, argv, workload, table, sizeof(table) / sizeof((table)[0]))

/* Options, for scenarios that need them. */
extern int option_count;
extern int64_t option_ns;

/* From the waiter callback: what is being waited on. */
void object_is_fd(int fd);
void object_is(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * From wake: whether the waiter has been through the wait. What would be lost on a waiter that has not begun to wait, as a signal is, is
 * done again until then.
 */
bool is_through(void);

/* From prepare: this wait will be ended by that process. */
void waker_is(pid_t pid);

/* Memory shared by both parties, zeroed, page aligned; anonymous and MAP_SHARED. */
void *shared_memory(size_t size_bytes);

int64_t now_ns(void);
void sleep_ns(int64_t duration_ns);

/* Dies at once with the call's name and errno when a system call failed; else hands its result on. */
long must(long result, const char *call);
void die(const char *what);

/* A child that does not outlive its parent. */
pid_t fork_child(void);

/* A private directory under /tmp; and its removal with the plain files in it. */
const char *private_dir(void);
void remove_private_dir(void);

pid_t my_tid(void);

#endif
