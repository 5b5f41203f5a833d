/* The two parties, the timed loop and the line of JSON: see measure.h. */
#define _GNU_SOURCE
#include "measure.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A run that takes this much longer than it should is stuck: better dead than hanging a build. */
#define PATIENCE_SECONDS 60
#define MOMENT_NS 100000

struct turns {
    atomic_int taken;   /* the waker holds the object for this many waits by now */
    atomic_int begun;   /* the waiter is about to wait for this many */
    atomic_int waited;  /* and has been through this many */
    atomic_int waker_tid;
};

struct book {           /* the thread's own accounts */
    int64_t wall_ns, cpu_ns, run_delay_ns;
    long voluntary, involuntary;
};

int option_count = 50;
int64_t option_ns = 10000000;

static bool option_wait_go;
static const struct scenario *scenario;
static struct turns *turns;
static int go[2] = { -1, -1 };
static char object[PATH_MAX] = "";
static char address[64];    /* of a socket of the internet's families, else empty */
static unsigned long inode;
static pid_t *waker_pids;
static int waker_count;

void object_is_fd(int fd)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = must(readlink(link, object, sizeof object - 1), "readlink");
    object[length] = 0;
    struct stat st;
    must(fstat(fd, &st), "fstat");
    inode = st.st_ino;

    union { struct sockaddr any; struct sockaddr_in in4; struct sockaddr_in6 in6; } name;
    socklen_t name_length = sizeof name;
    char text[INET6_ADDRSTRLEN];
    if (getsockname(fd, &name.any, &name_length) != 0)
        return;
    if (name.any.sa_family == AF_INET)
        snprintf(address, sizeof address, "%s:%d", inet_ntop(AF_INET, &name.in4.sin_addr, text, sizeof text),
                 ntohs(name.in4.sin_port));
    else if (name.any.sa_family == AF_INET6)
        snprintf(address, sizeof address, "[%s]:%d", inet_ntop(AF_INET6, &name.in6.sin6_addr, text, sizeof text),
                 ntohs(name.in6.sin6_port));
}

void object_is(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(object, sizeof object, format, args);
    va_end(args);
}

void waker_is(pid_t pid)
{
    waker_pids[waker_count++] = pid;
}

static int schedstat = -1;

/* The waiter's time on a run queue so far: 0 on a kernel without CONFIG_SCHED_INFO. */
static int64_t run_delay_ns(void)
{
    char text[96];
    int64_t delay_ns = 0;
    ssize_t length = schedstat < 0 ? -1 : pread(schedstat, text, sizeof text - 1, 0);
    if (length > 0) {
        text[length] = 0;
        if (sscanf(text, "%*d %" SCNd64, &delay_ns) != 1)
            delay_ns = 0;
    }
    return delay_ns;
}

static struct book read_accounts(void)
{
    struct book book = { .wall_ns = now_ns() };
    struct timespec cpu;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    book.cpu_ns = cpu.tv_sec * 1000000000LL + cpu.tv_nsec;
    book.run_delay_ns = run_delay_ns();
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    book.voluntary = usage.ru_nvcsw;
    book.involuntary = usage.ru_nivcsw;
    return book;
}

/* All of one moment: read once more when the thread was put off meanwhile. */
static struct book read_book(void)
{
    struct book book;
    int tries = 0;
    do
        book = read_accounts();
    while (now_ns() - book.wall_ns > MOMENT_NS && ++tries < 100);
    return book;
}

/* Waits for the other party's turn without blocking, for that would be a wait of its own. */
static void spin_until(atomic_int *counter, int value)
{
    for (unsigned spins = 0; atomic_load(counter) < value; spins++)
        if (spins > 1000)
            sched_yield();
}

static int round_of_waker;

bool is_through(void)
{
    return atomic_load(&turns->waited) > round_of_waker;
}

static void *waker_body(void *unused)
{
    (void) unused;
    atomic_store(&turns->waker_tid, my_tid());
    if (scenario->waker)
        scenario->waker();
    if (option_wait_go) {
        char byte;
        must(read(go[0], &byte, 1), "read go");
    }
    for (int i = 0; i < option_count; i++) {
        if (scenario->hold) {
            spin_until(&turns->waited, i);
            scenario->hold();
            atomic_store(&turns->taken, i + 1);
            spin_until(&turns->begun, i + 1);
        }
        round_of_waker = i;
        sleep_ns(option_ns);
        scenario->wake();
    }
    /* The object must outlive the last wait: a pipe without readers is another story. */
    while (atomic_load(&turns->waited) < option_count)
        sleep_ns(1000000);
    return NULL;
}

static void await_go(pid_t waker_pid)
{
    char line[16];
    spin_until(&turns->waker_tid, scenario->wake ? 1 : 0);
    printf("{\"ready\":true,\"waiterPid\":%d,\"waiterTid\":%d,\"wakerPid\":%d,\"wakerTid\":%d}\n",
           getpid(), my_tid(), waker_pid, turns->waker_tid);
    fflush(stdout);
    if (read(STDIN_FILENO, line, sizeof line) < 0)
        die("read stdin");
    if (scenario->wake)
        must(write(go[1], "g", 1), "write go");
}

struct waits { int64_t total_ns, run_delay_ns, min_ns, max_ns, cut_ns; };

static int by_size(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static void print_result(const char *workload, pid_t waker_pid, struct waits waits, struct book begin, struct book end)
{
    printf("{\"workload\":\"%s\",\"mode\":\"%s\",\"kind\":\"%s\",\"syscall\":\"%s\",\"evidence\":\"%s\",",
           workload, scenario->mode, scenario->kind, scenario->syscall, scenario->evidence);
    printf("\"object\":\"%s\",\"address\":\"%s\",\"inode\":%lu,", object, address, inode);
    printf("\"waiterPid\":%d,\"waiterTid\":%d,\"wakerPid\":%d,\"wakerTid\":%d,", getpid(), my_tid(), waker_pid, turns->waker_tid);
    if (waker_count > 0) {
        printf("\"wakerPids\":[");
        for (int i = 0; i < waker_count; i++)
            printf("%s%d", i ? "," : "", waker_pids[i]);
        printf("],");
    }
    printf("\"waits\":%d,\"totalNs\":%" PRId64 ",\"waitRunDelayNs\":%" PRId64 ",\"minNs\":%" PRId64 ",\"maxNs\":%" PRId64
           ",\"cutNs\":%" PRId64 ",",
           option_count, waits.total_ns, waits.run_delay_ns, waits.min_ns, waits.max_ns, waits.cut_ns);
    printf("\"loopNs\":%" PRId64 ",\"cpuNs\":%" PRId64 ",\"runDelayNs\":%" PRId64
           ",\"lifeCpuNs\":%" PRId64 ",\"lifeRunDelayNs\":%" PRId64 ",\"switchesVoluntary\":%ld,\"switchesInvoluntary\":%ld,",
           end.wall_ns - begin.wall_ns, end.cpu_ns - begin.cpu_ns, end.run_delay_ns - begin.run_delay_ns,
           end.cpu_ns, end.run_delay_ns,
           end.voluntary - begin.voluntary, end.involuntary - begin.involuntary);
    printf("\"beginNs\":%" PRId64 ",\"endNs\":%" PRId64 "}\n", begin.wall_ns, end.wall_ns);
    fflush(stdout);
}

static void parse_options(int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--count") == 0 && i + 1 < argc)
            option_count = atoi(argv[++i]);
        else if (strcmp(argv[i], "--ms") == 0 && i + 1 < argc)
            option_ns = strtod(argv[++i], NULL) * 1e6;
        else if (strcmp(argv[i], "--wait-go") == 0)
            option_wait_go = true;
        else {
            fprintf(stderr, "%s: unknown option %s\n", argv[0], argv[i]);
            exit(2);
        }
    }
    if (option_count < 1 || option_ns < 0) {
        fprintf(stderr, "%s: --count wants at least 1, --ms at least 0\n", argv[0]);
        exit(2);
    }
}

static pid_t start_waker(void)
{
    if (!scenario->wake)
        return 0;
    if (option_wait_go)
        must(pipe2(go, O_CLOEXEC), "pipe2");
    if (scenario->threads) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, waker_body, NULL) != 0)
            die("pthread_create");
        return getpid();
    }
    pid_t pid = fork_child();
    if (pid == 0) {
        waker_body(NULL);
        _exit(0);
    }
    return pid;
}

int run_scenario(int argc, char **argv, const char *workload, const struct scenario *table, size_t size)
{
    for (size_t i = 0; i < size && argc > 1; i++)
        if (strcmp(table[i].mode, argv[1]) == 0)
            scenario = &table[i];
    if (!scenario) {
        fprintf(stderr, "usage: %s MODE [--count N] [--ms N] [--wait-go], MODE one of:\n", argv[0]);
        for (size_t i = 0; i < size; i++)
            fprintf(stderr, "  %s\n", table[i].mode);
        return 2;
    }
    parse_options(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    turns = shared_memory(sizeof *turns);
    waker_pids = calloc(option_count, sizeof *waker_pids);
    if (scenario->setup)
        scenario->setup();
    pid_t waker_pid = start_waker();
    if (scenario->waiter)
        scenario->waiter();
    if (option_wait_go)
        await_go(waker_pid);
    alarm(PATIENCE_SECONDS + option_count * option_ns / 1000000000);

    schedstat = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
    struct waits waits = { .min_ns = INT64_MAX };
    int64_t *each_ns = calloc(option_count, sizeof *each_ns);
    struct book begin = read_book();
    for (int i = 0; i < option_count; i++) {
        if (scenario->hold)
            spin_until(&turns->taken, i + 1);
        if (scenario->prepare)
            scenario->prepare();
        atomic_store(&turns->begun, i + 1);
        /* The clock around the accounts: who is put off between the two is put off by both. */
        int64_t start_ns = now_ns();
        int64_t delay_ns = -run_delay_ns();
        scenario->wait();
        if (!scenario->settles_first)
            delay_ns += run_delay_ns();
        int64_t took_ns = now_ns() - start_ns;
        if (scenario->settle)
            scenario->settle();
        if (scenario->settles_first)
            delay_ns += run_delay_ns();
        waits.run_delay_ns += delay_ns;
        atomic_store(&turns->waited, i + 1);
        each_ns[i] = took_ns;
        waits.total_ns += took_ns;
        waits.min_ns = took_ns < waits.min_ns ? took_ns : waits.min_ns;
        waits.max_ns = took_ns > waits.max_ns ? took_ns : waits.max_ns;
    }
    struct book end = read_book();
    qsort(each_ns, option_count, sizeof *each_ns, by_size);
    int64_t median_ns = each_ns[option_count / 2];
    for (int i = 0; i < option_count; i++)
        waits.cut_ns += each_ns[i] < median_ns ? each_ns[i] : median_ns;
    free(each_ns);
    if (scenario->wake && !scenario->threads)
        waitpid(waker_pid, NULL, 0);
    if (scenario->cleanup)
        scenario->cleanup();
    print_result(workload, waker_pid, waits, begin, end);
    return 0;
}
