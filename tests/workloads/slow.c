/*
 * Several processes that wait for each other, one of which is to blame.
 *
 *   slow stage0|stage1|stage2 [ROUNDS]   three stages of a pipeline, of which that one computes five times as long as the others
 *   slow even [ROUNDS]                   the same, and none computes longer
 *   slow chain [ROUNDS]                  client asks front, front asks back over unix sockets; back computes
 *   slow lock [ROUNDS]                   holder sleeps in a file lock that three others want
 *   slow tcp [ROUNDS]                    the same as chain over TCP
 *   slow naps [ROUNDS]                   the same as chain, but back sleeps before it answers
 *   slow convoy [ROUNDS]                 the same as lock, between threads, for a mutex
 *   slow session [ROUNDS]                session holds a file lock while client, which it reads from, sleeps; two others want it
 *   slow straggler [ROUNDS]              boss hands a piece of work to each of three and waits for all; straggler computes longest
 *   slow pool [ROUNDS]                   four wait for work on one queue; boss sleeps and then hands a small piece to one of them
 *   slow idle [ROUNDS]                   client sleeps between its questions, which front and back answer at once
 *
 *   slow quota ROUNDS PROCS              the same as chain, but back enters the control group of this cgroup.procs; hogs take all
 *                                        CPUs that it may not have
 *
 *   slow pinned [ROUNDS]                 the same, but back and three hogs may run on one CPU alone. Its line of JSON also has, of
 *                                        back in its loop, runDelayNs, and how long the other CPUs idled in all, otherIdleNs
 *
 *   slow stuckpipes|stuckfiles|stuckofd|stuckshared [SECONDS]  two wait for each other for good: by pipes, by flock(2), by locks of open
 *                                        files, by mutexes that processes share; killed then
 *   slow stuckfutex|stucksome [SECONDS]  the same by two threads of one, of which in the second a third works on
 *   slow keptfutex|keptpi [SECONDS]      two threads want the mutex of a third, the keeper, which sleeps for good; in the second it has
 *                                        the priority of who wants it
 *   slow keptfile|keptlease [SECONDS]    two want the lock of fcntl(2) of keeper, which sleeps for good; or to open what it has a lease of
 *
 * Each process has the name of its part. At the end one line of JSON: workload, mode, and by name the pid of each part.
 */
#define _GNU_SOURCE
#include "measure.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 8, STEP_NS = 1000000, SLOW_NS = 6000000 };

static int rounds = 150;
static struct {
    const char *name;
    pid_t pid;
} parts[MOST];
static int part_count;

static void part(const char *name, void (*run)(int), int argument)
{
    pid_t pid = fork_child();
    if (pid == 0) {
        must(prctl(PR_SET_NAME, name), "prctl");
        run(argument);
        _exit(0);
    }
    parts[part_count].name = name;
    parts[part_count++].pid = pid;
}

/* On a CPU, however long it takes to get one. */
static void compute(int64_t ns)
{
    struct timespec now;
    must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), "clock_gettime");
    int64_t until = now.tv_sec * 1000000000LL + now.tv_nsec + ns;
    do
        must(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), "clock_gettime");
    while (now.tv_sec * 1000000000LL + now.tv_nsec < until);
}

static int pipes[2][2];
static int slow_stage;

static void stage(int number)
{
    char block[4096];
    memset(block, 'x', sizeof(block));
    for (int i = 0; i < rounds; i++) {
        if (number > 0)
            must(read(pipes[number - 1][0], block, sizeof(block)), "read");
        compute(number == slow_stage ? SLOW_NS : STEP_NS);
        if (number < 2)
            must(write(pipes[number][1], block, sizeof(block)), "write");
    }
}

static void pipeline(void)
{
    static const char *const names[] = {"stage0", "stage1", "stage2"};
    for (int i = 0; i < 2; i++) {
        must(pipe(pipes[i]), "pipe");
        must(fcntl(pipes[i][1], F_SETPIPE_SZ, 4096), "fcntl");
    }
    for (int i = 0; i < 3; i++)
        part(names[i], stage, i);
}

static int to_front[2], to_back[2];
static int sleeps, naps;
/* The cgroup.procs of the group that back is to be in. */
static const char *group;

static void ask(int fd)
{
    char byte = 'q';
    must(write(fd, &byte, 1), "write");
    must(read(fd, &byte, 1), "read");
}

static void client(int unused)
{
    (void)unused;
    for (int i = 0; i < rounds; i++) {
        if (sleeps)
            sleep_ns(SLOW_NS);
        ask(to_front[0]);
    }
}

/* The CPU that back is bound to, or -1; and what it has measured. */
static int pinned_to = -1;
static struct {
    int64_t run_delay_ns, other_idle_ns;
} *measured;

static void bind_to(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    must(sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

static int64_t run_delay_ns(void)
{
    long long ran = 0, delayed = 0;
    FILE *file = fopen("/proc/thread-self/schedstat", "r");
    if (file == NULL || fscanf(file, "%lld %lld", &ran, &delayed) != 2)
        die("schedstat");
    fclose(file);
    return delayed;
}

enum { CPUS = 1024 };

static void read_idle(int64_t idle_ns[CPUS])
{
    char line[512];
    long long user, nice, kernel, idle, io;
    int cpu;
    FILE *file = fopen("/proc/stat", "r");
    while (file != NULL && fgets(line, sizeof(line), file) != NULL)
        if (sscanf(line, "cpu%d %lld %lld %lld %lld %lld", &cpu, &user, &nice, &kernel, &idle, &io) == 6 && cpu < CPUS)
            idle_ns[cpu] = (idle + io) * (1000000000LL / sysconf(_SC_CLK_TCK));
    if (file != NULL)
        fclose(file);
}

static void server(int is_back);

static void pinned_back(int is_back)
{
    static int64_t before[CPUS], after[CPUS];
    bind_to(pinned_to);
    read_idle(before);
    int64_t delayed = run_delay_ns();
    server(is_back);
    measured->run_delay_ns = run_delay_ns() - delayed;
    read_idle(after);
    for (int cpu = 0; cpu < CPUS; cpu++)
        if (cpu != pinned_to)
            measured->other_idle_ns += after[cpu] - before[cpu];
}

static void server(int is_back)
{
    char byte;
    int fd = is_back ? to_back[1] : to_front[1];
    if (is_back && group != NULL) {
        int procs = must(open(group, O_WRONLY), group);
        must(write(procs, "0", 1), group);
        close(procs);
    }
    for (int i = 0; i < rounds; i++) {
        must(read(fd, &byte, 1), "read");
        if (!is_back)
            ask(to_back[0]);
        else if (naps)
            sleep_ns(SLOW_NS);
        else if (!sleeps)
            compute(SLOW_NS);
        must(write(fd, &byte, 1), "write");
    }
}

/* Both ends of a connection over loopback, as socketpair(2) makes them. */
static void tcp_pair(int pair[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int listening = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(bind(listening, (struct sockaddr *)&address, length), "bind");
    must(listen(listening, 1), "listen");
    must(getsockname(listening, (struct sockaddr *)&address, &length), "getsockname");
    pair[0] = must(socket(AF_INET, SOCK_STREAM, 0), "socket");
    must(connect(pair[0], (struct sockaddr *)&address, length), "connect");
    pair[1] = must(accept(listening, NULL, NULL), "accept");
    close(listening);
}

static void hog(int unused)
{
    (void)unused;
    if (pinned_to >= 0)
        bind_to(pinned_to);
    for (;;)
        compute(SLOW_NS);
}

static void chain(int is_tcp)
{
    if (is_tcp) {
        tcp_pair(to_front);
        tcp_pair(to_back);
    } else {
        must(socketpair(AF_UNIX, SOCK_STREAM, 0, to_front), "socketpair");
        must(socketpair(AF_UNIX, SOCK_STREAM, 0, to_back), "socketpair");
    }
    part("client", client, 0);
    part("front", server, 0);
    part("back", pinned_to >= 0 ? pinned_back : server, 1);
    for (int i = 0; pinned_to >= 0 && i < 3; i++)
        part("hog", hog, 0);
    for (long i = 0; group != NULL && i < sysconf(_SC_NPROCESSORS_ONLN) && i < MOST - 3; i++)
        part("hog", hog, 0);
}

static char lock_path[256];

static void lock(int is_holder)
{
    int fd = must(open(lock_path, O_RDWR), "open");
    for (int i = 0; i < rounds; i++) {
        must(flock(fd, LOCK_EX), "flock");
        if (is_holder)
            sleep_ns(SLOW_NS);
        must(flock(fd, LOCK_UN), "flock");
        sleep_ns(is_holder ? STEP_NS / 10 : STEP_NS);
    }
}

static void locks(void)
{
    snprintf(lock_path, sizeof(lock_path), "%s/lock", private_dir());
    close(must(open(lock_path, O_RDWR | O_CREAT, 0600), "open"));
    part("holder", lock, 1);
    part("wants1", lock, 0);
    part("wants2", lock, 0);
    part("wants3", lock, 0);
}

static void stuck_reading(int number)
{
    char byte;
    close(pipes[number][1]);
    close(pipes[!number][0]);
    must(read(pipes[number][0], &byte, 1), "read");
}

/* The command of fcntl(2), or 0 for flock(2). */
static int lock_command;

static void take(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    must(lock_command ? fcntl(fd, lock_command, &whole) : flock(fd, LOCK_EX), "lock");
}

static void stuck_locking(int number)
{
    char path[300];
    int fds[2];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "%s%d", lock_path, i);
        fds[i] = must(open(path, O_RDWR | O_CREAT, 0600), "open");
    }
    take(fds[number]);
    sleep_ns(100 * STEP_NS);
    take(fds[!number]);
}

static pthread_mutex_t *two;

static void make_mutexes(int shared, int protocol)
{
    pthread_mutexattr_t attributes;
    two = shared_memory(2 * sizeof(*two));
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, shared);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    for (int i = 0; i < 2; i++)
        if (pthread_mutex_init(&two[i], &attributes) != 0)
            die("pthread_mutex_init");
}

static void take_both(int first)
{
    pthread_mutex_lock(&two[first]);
    sleep_ns(100 * STEP_NS);
    pthread_mutex_lock(&two[!first]);
}

static void *takes_both(void *other_first)
{
    must(prctl(PR_SET_NAME, other_first ? "right" : "left"), "prctl");
    take_both(other_first != NULL);
    return NULL;
}

static void *works_on(void *unused)
{
    for (;;) {
        compute(STEP_NS);
        sleep_ns(STEP_NS);
    }
    return unused;
}

static void start_all(int count, void *(*const run[])(void *))
{
    pthread_t threads[3];
    for (int i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, run[i], i == 0 ? NULL : threads) != 0)
            die("pthread_create");
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static void stuck_in_mutexes(int some)
{
    void *(*const run[])(void *) = {takes_both, takes_both, works_on};
    start_all(some ? 3 : 2, run);
}

static void *keeps(void *unused)
{
    must(prctl(PR_SET_NAME, "keeper"), "prctl");
    pthread_mutex_lock(&two[0]);
    sleep_ns(3600 * 1000000000LL);
    return unused;
}

static void *wants_for_good(void *unused)
{
    must(prctl(PR_SET_NAME, "waiter"), "prctl");
    sleep_ns(100 * STEP_NS);
    pthread_mutex_lock(&two[0]);
    return unused;
}

static void kept(int unused)
{
    (void)unused;
    void *(*const run[])(void *) = {keeps, wants_for_good, wants_for_good};
    start_all(3, run);
}

static void keeps_file(int is_keeper)
{
    if (!is_keeper)
        sleep_ns(100 * STEP_NS);
    int fd = must(open(lock_path, O_RDWR), "open");
    if (lock_command == F_SETLEASE) {
        signal(SIGIO, SIG_IGN);
        must(fcntl(fd, F_SETLEASE, F_WRLCK), "lease");
    } else {
        take(fd);
    }
    if (is_keeper)
        sleep_ns(3600 * 1000000000LL);
}

static void stuck_at_file(int command)
{
    lock_command = command;
    snprintf(lock_path, sizeof(lock_path), "%s/lock", private_dir());
    close(must(open(lock_path, O_RDWR | O_CREAT, 0600), "open"));
    part("keeper", keeps_file, 1);
    part("waiter", keeps_file, 0);
    part("waiter2", keeps_file, 0);
}

static void stuck(const char *by, int is_kept)
{
    if (strcmp(by, "pipes") == 0) {
        must(pipe(pipes[0]), "pipe");
        must(pipe(pipes[1]), "pipe");
        part("one", stuck_reading, 0);
        part("other", stuck_reading, 1);
        for (int i = 0; i < 4; i++)
            close(pipes[i / 2][i % 2]);
    } else if (strcmp(by, "file") == 0 || strcmp(by, "lease") == 0) {
        stuck_at_file(strcmp(by, "file") == 0 ? F_SETLKW : F_SETLEASE);
    } else if (strcmp(by, "files") == 0 || strcmp(by, "ofd") == 0) {
        lock_command = strcmp(by, "ofd") == 0 ? F_OFD_SETLKW : 0;
        snprintf(lock_path, sizeof(lock_path), "%s/lock", private_dir());
        part("one", stuck_locking, 0);
        part("other", stuck_locking, 1);
    } else if (strcmp(by, "shared") == 0) {
        make_mutexes(PTHREAD_PROCESS_SHARED, PTHREAD_PRIO_NONE);
        part("one", take_both, 0);
        part("other", take_both, 1);
    } else {
        make_mutexes(PTHREAD_PROCESS_PRIVATE, strcmp(by, "pi") == 0 ? PTHREAD_PRIO_INHERIT : PTHREAD_PRIO_NONE);
        part("one", is_kept ? kept : stuck_in_mutexes, strcmp(by, "some") == 0);
    }
    sleep_ns(rounds * 1000000000LL);
    for (int i = 0; i < part_count; i++)
        must(kill(parts[i].pid, SIGKILL), "kill");
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *wants(void *is_holder)
{
    must(prctl(PR_SET_NAME, is_holder ? "holder" : "wants"), "prctl");
    for (int i = 0; i < rounds; i++) {
        pthread_mutex_lock(&mutex);
        if (is_holder)
            sleep_ns(SLOW_NS);
        pthread_mutex_unlock(&mutex);
        sleep_ns(is_holder ? STEP_NS / 10 : STEP_NS);
    }
    return NULL;
}

static void threads(int unused)
{
    (void)unused;
    pthread_t all[4];
    for (int i = 0; i < 4; i++)
        if (pthread_create(&all[i], NULL, wants, i == 0 ? &rounds : NULL) != 0)
            die("pthread_create");
    for (int i = 0; i < 4; i++)
        pthread_join(all[i], NULL);
}

/* The client thinks between its words; meanwhile the session has the lock, as a database's does amid a transaction. */
static void session(int unused)
{
    (void)unused;
    char byte;
    int fd = must(open(lock_path, O_RDWR), "open");
    close(to_front[0]);
    while (must(read(to_front[1], &byte, 1), "read") == 1) {
        if (byte == 'b')
            must(flock(fd, LOCK_EX), "flock");
        must(write(to_front[1], &byte, 1), "write");
        if (byte == 'e')
            must(flock(fd, LOCK_UN), "flock");
    }
}

static void thinks(int unused)
{
    (void)unused;
    for (int i = 0; i < rounds; i++) {
        char byte = 'b';
        must(write(to_front[0], &byte, 1), "write");
        must(read(to_front[0], &byte, 1), "read");
        sleep_ns(SLOW_NS);
        byte = 'e';
        must(write(to_front[0], &byte, 1), "write");
        must(read(to_front[0], &byte, 1), "read");
    }
}

static void sessions(void)
{
    snprintf(lock_path, sizeof(lock_path), "%s/lock", private_dir());
    close(must(open(lock_path, O_RDWR | O_CREAT, 0600), "open"));
    must(socketpair(AF_UNIX, SOCK_STREAM, 0, to_front), "socketpair");
    part("client", thinks, 0);
    part("session", session, 0);
    close(to_front[0]);
    close(to_front[1]);
    part("wants1", lock, 0);
    part("wants2", lock, 0);
}

enum { HANDS = 4 };
static int work[HANDS][2];

static void hand(int number)
{
    char byte;
    for (int i = 0; i < HANDS; i++)
        close(work[i][0]);
    while (must(read(work[number][1], &byte, 1), "read") == 1) {
        compute(byte == 's' ? SLOW_NS : STEP_NS / 10);
        must(write(work[number][1], &byte, 1), "write");
    }
}

static void boss(int is_pool)
{
    char byte;
    for (int i = 0; i < HANDS; i++)
        close(work[i][1]);
    for (int i = 0; i < rounds; i++) {
        if (is_pool)
            sleep_ns(SLOW_NS);
        for (int j = 0; j < (is_pool ? 1 : HANDS - 1); j++)
            must(write(work[((is_pool ? i : 0) + j) % HANDS][0], !is_pool && j == 1 ? "s" : "q", 1), "write");
        for (int j = 0; j < (is_pool ? 1 : HANDS - 1); j++)
            must(read(work[((is_pool ? i : 0) + j) % HANDS][0], &byte, 1), "read");
    }
}

static void pool(int is_pool)
{
    static const char *const names[] = {"hand0", "straggler", "hand2", "hand3"};
    for (int i = 0; i < HANDS; i++)
        must(socketpair(AF_UNIX, SOCK_STREAM, 0, work[i]), "socketpair");
    part("boss", boss, is_pool);
    for (int i = 0; i < HANDS; i++)
        part(names[i], hand, i);
    for (int i = 0; i < HANDS; i++) {
        close(work[i][0]);
        close(work[i][1]);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2)
        die("slow stage0|stage1|stage2|even|chain|tcp|naps|lock|convoy|session|straggler|pool|idle|quota|pinned|"
            "stuckpipes|stuckfiles|stuckofd|stuckshared|stuckfutex|stucksome|keptfutex|keptpi|keptfile|keptlease [ROUNDS]");
    if (argc > 2)
        rounds = atoi(argv[2]);
    const char *mode = argv[1];
    sleeps = strcmp(mode, "idle") == 0;
    naps = strcmp(mode, "naps") == 0;
    if (strcmp(mode, "quota") == 0) {
        if (argc < 4)
            die("slow quota ROUNDS PROCS");
        group = argv[3];
    }
    if (strcmp(mode, "pinned") == 0) {
        measured = shared_memory(sizeof(*measured));
        pinned_to = must(sched_getcpu(), "getcpu");
    }
    if (strncmp(mode, "stage", 5) == 0 || strcmp(mode, "even") == 0) {
        slow_stage = mode[0] == 'e' ? -1 : atoi(mode + 5);
        pipeline();
    } else if (strcmp(mode, "lock") == 0) {
        locks();
    } else if (strncmp(mode, "stuck", 5) == 0 || strncmp(mode, "kept", 4) == 0) {
        rounds = argc > 2 ? rounds : 6;
        stuck(mode + (mode[0] == 'k' ? 4 : 5), mode[0] == 'k');
    } else if (strcmp(mode, "convoy") == 0) {
        part("convoy", threads, 0);
    } else if (strcmp(mode, "session") == 0) {
        sessions();
    } else if (strcmp(mode, "straggler") == 0 || strcmp(mode, "pool") == 0) {
        pool(strcmp(mode, "pool") == 0);
    } else {
        chain(strcmp(mode, "tcp") == 0);
    }
    int status;
    for (int i = 0; i < part_count; i++) {
        if (strcmp(parts[i].name, "hog") == 0)
            must(kill(parts[i].pid, SIGKILL), "kill");
        must(waitpid(parts[i].pid, &status, 0), "waitpid");
    }
    if (lock_path[0] != 0)
        remove_private_dir();
    printf("{\"workload\":\"slow\",\"mode\":\"%s\",\"pid\":%d", mode, getpid());
    for (int i = 0; i < part_count; i++)
        printf(",\"%s\":%d", parts[i].name, parts[i].pid);
    if (measured != NULL)
        printf(",\"cpu\":%d,\"runDelayNs\":%lld,\"otherIdleNs\":%lld", pinned_to, (long long)measured->run_delay_ns,
               (long long)measured->other_idle_ns);
    printf("}\n");
    return 0;
}
