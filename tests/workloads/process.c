/*
 * Processes that wait for processes: children and signals. Each child sleeps, then exits: one waker per wait.
 *   wait4         wait4 for a child's exit
 *   waitid        waitid for a child's exit
 *   vfork         vfork, which returns when the child has exited (uninterruptible: state D)
 *   sigtimedwait  sigtimedwait, until the child sends the signal
 *   sigsuspend    sigsuspend likewise, with a handler
 *   pause         pause likewise
 */
#define _GNU_SOURCE
#include "measure.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t child, target;
static sigset_t user_signal, none;

static void new_child(void)
{
    child = fork_child();
    if (child == 0) {
        sleep_ns(option_ns);
        _exit(0);
    }
    waker_is(child);
}

static void wait_child(void) { must(wait4(child, NULL, 0, NULL), "wait4"); }

static void waitid_child(void)
{
    siginfo_t info;
    must(waitid(P_PID, child, &info, WEXITED), "waitid");
}

static void vfork_child(void)
{
    child = vfork();
    if (child == 0) {
        sleep_ns(option_ns);
        _exit(0);
    }
    if (child == -1)
        die("vfork");
}

static void reap(void)
{
    waker_is(child);
    must(waitpid(child, NULL, 0), "waitpid");
}

static void ignore(int signal_number) { (void) signal_number; }

static void handle_signal(void)
{
    target = getpid();
    sigemptyset(&none);
    sigemptyset(&user_signal);
    sigaddset(&user_signal, SIGUSR1);
    struct sigaction action = { .sa_handler = ignore };
    must(sigaction(SIGUSR1, &action, NULL), "sigaction");
}

static void block_signal(void)
{
    handle_signal();
    must(sigprocmask(SIG_BLOCK, &user_signal, NULL), "sigprocmask");
}

static void sigtimedwait_signal(void)
{
    struct timespec minute = { 60, 0 };
    must(sigtimedwait(&user_signal, NULL, &minute), "sigtimedwait");
}

static void sigsuspend_signal(void) { sigsuspend(&none); }

static void name_signal(void) { object_is("SIGUSR1"); }
static void pause_signal(void) { pause(); }
static void send_signal(void) { must(kill(target, SIGUSR1), "kill"); }
static void take_turns(void) { }    /* two signals before one wait would be one */

/* One that comes before the pause does not end it. */
static void send_signals(void)
{
    do {
        send_signal();
        sleep_ns(1000000);
    } while (!is_through());
}

static const struct scenario scenarios[] = {
    { .mode = "wait4", .kind = "child", .syscall = "wait4", .evidence = "object", .prepare = new_child,
      .wait = wait_child },
    { .mode = "waitid", .kind = "child", .syscall = "waitid", .evidence = "object", .prepare = new_child,
      .wait = waitid_child },
    { .mode = "vfork", .kind = "child", .syscall = "vfork", .evidence = "object", .wait = vfork_child,
      .settle = reap },
    { .mode = "sigtimedwait", .kind = "signal", .syscall = "rt_sigtimedwait", .evidence = "object",
      .setup = block_signal, .waiter = name_signal, .wait = sigtimedwait_signal, .hold = take_turns,
      .wake = send_signal },
    { .mode = "sigsuspend", .kind = "signal", .syscall = "rt_sigsuspend", .evidence = "object",
      .setup = block_signal, .waiter = name_signal, .wait = sigsuspend_signal, .hold = take_turns,
      .wake = send_signal },
    { .mode = "pause", .kind = "signal", .syscall = "pause", .evidence = "object", .setup = handle_signal,
      .waiter = name_signal, .wait = pause_signal, .hold = take_turns, .wake = send_signals },
};

int main(int argc, char **argv)
{
    return RUN("process", scenarios);
}
