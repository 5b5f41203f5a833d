/*
 * What a program makes of its signals: whoever traces it may not change that.
 *
 *   signals storm N [--wait-go]   a child sends N real-time signals with values that count up, which must come once each, in order,
 *                                 with what was told; prints {"received":N,"wrong":0}, and ends with 1 if they did not
 *   signals behaviour             calls that signals interrupt, faults, stops as a parent sees them: prints a line for each
 */
#define _GNU_SOURCE
#include "measure.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int received;
static volatile int wrong;
static volatile int sender;

static void count(int number, siginfo_t *info, void *context)
{
    (void) number;
    (void) context;
    received++;
    if (info->si_value.sival_int != received || info->si_pid != sender || info->si_code != SI_QUEUE)
        wrong++;
}

static int storm(int signals, bool wait_go)
{
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGRTMIN);
    must(sigprocmask(SIG_BLOCK, &blocked, &before), "sigprocmask");
    struct sigaction action = {.sa_sigaction = count, .sa_flags = SA_SIGINFO};
    must(sigaction(SIGRTMIN, &action, NULL), "sigaction");
    if (wait_go) {
        char line[16];
        printf("{\"ready\":true,\"pid\":%d}\n", getpid());
        fflush(stdout);
        must(read(STDIN_FILENO, line, sizeof line), "read");
    }
    pid_t target = getpid();
    pid_t child = fork();
    if (child == 0) {
        for (int i = 1; i <= signals; i++) {
            while (sigqueue(target, SIGRTMIN, (union sigval) {.sival_int = i}) != 0) {
                if (errno != EAGAIN)
                    _exit(1);
                sleep_ns(100000);
            }
            if (i % 50 == 0)
                sleep_ns(1000000);
        }
        _exit(0);
    }
    sender = child;
    int64_t give_up_ns = now_ns() + 60000000000LL;
    while (received < signals && now_ns() < give_up_ns) {
        sigsuspend(&before);
    }
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    printf("{\"received\":%d,\"wrong\":%d}\n", received, wrong);
    return received == signals && wrong == 0 ? 0 : 1;
}

static volatile int handled;
static sigjmp_buf resume;
static void *volatile address;

static void note(int number)
{
    handled = number;
}

static void fault(int number, siginfo_t *info, void *context)
{
    (void) context;
    handled = number;
    address = info->si_addr;
    siglongjmp(resume, 1);
}

static void handle(int number, int flags)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = flags};
    must(sigaction(number, &action, NULL), "sigaction");
}

static void alarm_in(int milliseconds)
{
    struct itimerval timer = {{0, 0}, {0, milliseconds * 1000}};
    handled = 0;
    must(setitimer(ITIMER_REAL, &timer, NULL), "setitimer");
}

/* A child writes to the pipe after so long. */
static void write_in(int fd, int milliseconds)
{
    if (fork() == 0) {
        sleep_ns(milliseconds * 1000000LL);
        _exit(write(fd, "x", 1) == 1 ? 0 : 1);
    }
}

static void interrupted_calls(void)
{
    int ends[2];
    char byte;
    must(pipe(ends), "pipe");
    handle(SIGALRM, 0);
    alarm_in(30);
    long result = read(ends[0], &byte, 1);
    printf("read %ld errno %d handled %d\n", result, errno, handled);
    handle(SIGALRM, SA_RESTART);
    alarm_in(30);
    write_in(ends[1], 80);
    result = read(ends[0], &byte, 1);
    printf("read with SA_RESTART %ld handled %d\n", result, handled);
    wait(NULL);
    struct pollfd fd = {ends[0], POLLIN, 0};
    alarm_in(30);
    result = poll(&fd, 1, 2000);
    printf("poll %ld errno %d handled %d\n", result, errno, handled);
    struct timespec wanted = {2, 0}, left = {0, 0};
    alarm_in(30);
    result = nanosleep(&wanted, &left);
    printf("nanosleep %ld errno %d left %d handled %d\n", result, errno, left.tv_sec == 1, handled);
    pid_t child = fork();
    if (child == 0) {
        int64_t start_ns = now_ns();
        struct timespec whole = {0, 300000000};
        result = nanosleep(&whole, NULL);
        _exit(result == 0 && now_ns() - start_ns >= 300000000 ? 0 : 1);
    }
    sleep_ns(50000000);
    kill(child, SIGSTOP);
    sleep_ns(50000000);
    kill(child, SIGCONT);
    int status;
    waitpid(child, &status, 0);
    printf("a sleep that was stopped %d\n", status);
}

static void faults(void)
{
    static char stack[65536];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    must(sigaltstack(&alternate, NULL), "sigaltstack");
    struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    must(sigaction(SIGSEGV, &action, NULL), "sigaction");
    address = NULL;
    if (sigsetjmp(resume, 1) == 0) {
        int *volatile nowhere = (int *) 0x1230;
        *nowhere = 1;
    }
    printf("fault %d at %p\n", handled, address);
    handle(SIGTRAP, 0);
    handled = 0;
    raise(SIGTRAP);
    printf("raised trap %d\n", handled);
    handled = 0;
#ifdef __x86_64__
    __asm__ volatile("int3");
    printf("breakpoint %d\n", handled);
#endif
}

/* The child goes on only when its parent has seen that it was continued: the next change would take that message's place. */
static void stops_of_a_child(void)
{
    int seen[2];
    char byte;
    must(pipe(seen), "pipe");
    pid_t child = fork();
    if (child == 0) {
        /* Where no shell has job control this process may be in an orphaned group, and SIGTSTP does nothing there; a group of its
           own has its parent outside. */
        must(setpgid(0, 0), "setpgid");
        raise(SIGSTOP);
        must(read(seen[0], &byte, 1), "read");
        raise(SIGTSTP);
        must(read(seen[0], &byte, 1), "read");
        abort();
    }
    int status;
    for (;;) {
        if (waitpid(child, &status, WUNTRACED | WCONTINUED) < 0)
            break;
        if (WIFSTOPPED(status)) {
            printf("stopped %d\n", WSTOPSIG(status));
            fflush(stdout);
            kill(child, SIGCONT);
        } else if (WIFCONTINUED(status)) {
            printf("continued\n");
            must(write(seen[1], "x", 1), "write");
        } else {
            printf("killed %d exited %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0, WIFEXITED(status));
            break;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc >= 3 && strcmp(argv[1], "storm") == 0)
        return storm(atoi(argv[2]), argc > 3 && strcmp(argv[3], "--wait-go") == 0);
    if (argc == 2 && strcmp(argv[1], "behaviour") == 0) {
        setvbuf(stdout, NULL, _IOLBF, 0);
        interrupted_calls();
        faults();
        stops_of_a_child();
        return 0;
    }
    fprintf(stderr, "usage: %s storm N [--wait-go] | behaviour\n", argv[0]);
    return 2;
}
