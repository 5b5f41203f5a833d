// Makes calls with paths and addresses of sockets that the test knows: usual ones, and such as programs give that are broken or mean
// harm. Built for i386 (paths32), too. No call needs anything to be there; none does anything. With the argument "change" a thread writes into the path meanwhile;
// with "loop openat CALLS" or "loop getppid CALLS" it makes so many and prints
//   {"workload":"paths","calls":CALLS,"cpuNsPerCall":...}
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CALL(name, ...) do { long result_ = syscall(SYS_##name, ##__VA_ARGS__); (void) result_; } while (0)
#define PAGE 4096

#ifndef SYS_newfstatat
#define SYS_newfstatat SYS_fstatat64
#endif

static char text[3 * PAGE];

// In memory that is there: what is constant need not have been read yet.
static const char *path(const char *constant) {
    return strcpy(text, constant);
}

static void usual(void) {
    char other[] = "/nowhere/new";
    char directory[] = "/nowhere/dir";
    struct stat status;
    CALL(open, path("/nowhere/open"), O_RDONLY);
    CALL(openat, AT_FDCWD, path("nowhere/openat"), O_RDONLY);
    CALL(stat, path("/nowhere/stat"), &status);
    CALL(newfstatat, 77, path(""), &status, AT_EMPTY_PATH);
    CALL(access, path("/nowhere/access"), R_OK);
    CALL(unlink, path("/nowhere/unlink"));
    CALL(rename, path("/nowhere/old"), other);
    CALL(mkdir, path("/nowhere/mkdir"), 0700);
    CALL(readlink, path("/nowhere/readlink"), other, sizeof other);
    CALL(chdir, path("/nowhere/chdir"));
    CALL(mount, path("/nowhere/dev"), directory, NULL, 0, NULL);
    CALL(execve, path("/nowhere/execve"), NULL, NULL);
}

static void hostile(void) {
    char bad[] = "\x1b[2J\n\xff\"\\\t\xe2\x80\xae";
    CALL(unlink, bad);
    CALL(unlink, 8);
    CALL(unlink, NULL);
    CALL(unlink, -8L);
    memset(text, 'x', sizeof text);
    text[PAGE - 1] = 0;
    CALL(unlink, text);
    text[PAGE - 1] = 'x';
    text[PAGE] = 0;
    CALL(unlink, text);
    memset(text, 'y', sizeof text);
    CALL(unlink, text);
    // No zero before memory ends that may be read.
    char *pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(pages, 'z', PAGE);
    mprotect(pages + PAGE, PAGE, PROT_NONE);
    CALL(unlink, pages + PAGE - 3);
    CALL(rename, "/nowhere/readable", pages + PAGE);
}

static void addresses(void) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in inet = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 inet6 = {.sin6_family = AF_INET6, .sin6_port = htons(9), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "/nowhere/socket"};
    char room[256] = {AF_UNIX};
    CALL(connect, fd, &inet, sizeof inet);
    CALL(connect, fd, &inet6, sizeof inet6);
    CALL(connect, fd, &local, sizeof local);
    CALL(bind, 77, &inet, sizeof inet);
    CALL(sendto, 77, "secret", 6, 0, &inet, sizeof inet);
    CALL(connect, fd, room, 129);
    CALL(connect, fd, room, -1);
    CALL(connect, fd, 8, 16);
    close(fd);
}

static void *change(void *stop) {
    while (!__atomic_load_n((int *) stop, __ATOMIC_RELAXED)) {
        memset(text, 'a', 64);
        memset(text, 'b', 64);
    }
    return NULL;
}

static void changing(void) {
    int stop = 0;
    pthread_t thread;
    pthread_create(&thread, NULL, change, &stop);
    for (int i = 0; i < 1000; i++) {
        CALL(unlink, text);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
}

static double cpu_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static void loop(int opens, long calls) {
    path("/nowhere/openat/of/a/usual/length/of/path.txt");
    double start = cpu_ns();
    for (long i = 0; i < calls; i++) {
        if (opens) {
            CALL(openat, AT_FDCWD, text, O_RDONLY);
        } else {
            CALL(getppid);
        }
    }
    printf("{\"workload\":\"paths\",\"calls\":%ld,\"cpuNsPerCall\":%.1f}\n", calls, (cpu_ns() - start) / calls);
}

int main(int argc, char **argv) {
    if (argc > 3 && strcmp(argv[1], "loop") == 0) {
        loop(strcmp(argv[2], "openat") == 0, atol(argv[3]));
        return 0;
    }
    if (argc > 1 && strcmp(argv[1], "change") == 0) {
        changing();
        return 0;
    }
    usual();
    hostile();
    addresses();
    return 0;
}
