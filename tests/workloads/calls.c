// Makes system calls of every family, with arguments that have something to show, each in the same way in each run: what a
// tracer prints for them can be compared with what another prints. Built for x86-64 (calls) and for i386 (calls32).
// Its directory must be empty and is left empty.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/netlink.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// Whether a call succeeds is no matter here: what it was given, and what it said, is.
#define TRY(call) do { long result_ = (long) (call); (void) result_; } while (0)

static char buffer[4096];

static void paths(void) {
    int fd = open("a file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    TRY(write(fd, "some text\n\t\"quoted\" \001\377", 22));
    TRY(pwrite(fd, "at an offset", 12, 4096));
    struct iovec parts[] = {{"one", 3}, {"two and more", 12}, {NULL, 0}};
    TRY(writev(fd, parts, 3));
    TRY(pwritev(fd, parts, 2, 100));
    TRY(lseek(fd, 0, SEEK_SET));
    struct iovec into[] = {{buffer, 5}, {buffer + 100, 300}};
    TRY(readv(fd, into, 2));
    TRY(preadv(fd, into, 2, 10));
    TRY(preadv2(fd, into, 2, -1, RWF_NOWAIT));
    TRY(pread(fd, buffer, sizeof buffer, 4090));
    TRY(lseek(fd, -5, SEEK_END));
    TRY(lseek(fd, 0, SEEK_DATA));
    TRY(ftruncate(fd, 10000));
    TRY(truncate("a file", 20000));
    TRY(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 4096));
    TRY(posix_fadvise(fd, 0, 100, POSIX_FADV_SEQUENTIAL));
    TRY(readahead(fd, 0, 4096));
    TRY(fsync(fd));
    TRY(fdatasync(fd));
    TRY(fchmod(fd, 04711));
    TRY(fchown(fd, -1, 0));
    TRY(flock(fd, LOCK_EX | LOCK_NB));
    TRY(flock(fd, LOCK_UN));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20};
    TRY(fcntl(fd, F_SETLK, &lock));
    TRY(fcntl(fd, F_GETLK, &lock));
    lock.l_type = F_UNLCK;
    TRY(fcntl(fd, F_OFD_SETLK, &lock));
    TRY(fcntl(fd, F_GETFL));
    TRY(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK));
    TRY(fcntl(fd, F_GETFD));
    TRY(fcntl(fd, F_SETFD, FD_CLOEXEC));
    TRY(fcntl(fd, F_SETOWN, getpid()));
    TRY(fcntl(fd, F_GETOWN));
    TRY(close(fcntl(fd, F_DUPFD_CLOEXEC, 50)));
    TRY(close(dup(fd)));
    TRY(dup2(fd, 60));
    TRY(dup3(fd, 61, O_CLOEXEC));
    TRY(syscall(SYS_close_range, 60, 61, 0));
    TRY(fsetxattr(fd, "user.name", "value\0x", 7, XATTR_CREATE));
    TRY(fgetxattr(fd, "user.name", buffer, sizeof buffer));
    TRY(listxattr("a file", buffer, sizeof buffer));
    TRY(removexattr("a file", "user.none"));
    TRY(mkdir("directory", 0755));
    TRY(mkdirat(AT_FDCWD, "directory/deeper", S_ISVTX | 0700));
    TRY(symlink("a file", "symbolic"));
    TRY(link("a file", "hard"));
    TRY(linkat(AT_FDCWD, "symbolic", AT_FDCWD, "harder", AT_SYMLINK_FOLLOW));
    TRY(readlink("symbolic", buffer, sizeof buffer));
    TRY(rename("hard", "renamed"));
    TRY(syscall(SYS_renameat2, AT_FDCWD, "renamed", AT_FDCWD, "harder", RENAME_EXCHANGE));
    struct stat status;
    TRY(stat("a file", &status));
    TRY(lstat("symbolic", &status));
    TRY(fstat(fd, &status));
    TRY(stat("/dev/null", &status));
    TRY(fstatat(AT_FDCWD, "missing", &status, AT_SYMLINK_NOFOLLOW));
    struct statx extended;
    TRY(statx(AT_FDCWD, "a file", AT_STATX_SYNC_AS_STAT, STATX_SIZE | STATX_MODE, &extended));
    struct statfs filesystem;
    TRY(statfs("/proc", &filesystem));
    int proc = open("/proc", O_RDONLY | O_DIRECTORY);
    TRY(fstatfs(proc, &filesystem));
    close(proc);
    TRY(access("a file", R_OK | W_OK));
    TRY(faccessat(AT_FDCWD, "a file", X_OK, AT_EACCESS));
    TRY(chmod("a file", 0600));
    TRY(chown("a file", 0, -1));
    TRY(lchown("symbolic", 0, 0));
    struct timespec times[] = {{.tv_nsec = UTIME_OMIT}, {.tv_nsec = UTIME_NOW}};
    TRY(utimensat(AT_FDCWD, "a file", times, 0));
    TRY(futimens(fd, NULL));
    TRY(mknod("fifo", S_IFIFO | 0600, 0));
    TRY(umask(027));
    TRY(chdir("directory"));
    TRY(getcwd(buffer, sizeof buffer));
    int up = open("..", O_RDONLY | O_DIRECTORY);
    TRY(fchdir(up));
    TRY(syscall(SYS_getdents64, up, buffer, sizeof buffer));
    close(up);
    int target = open("copied", O_WRONLY | O_CREAT | O_EXCL, 0600);
    TRY(lseek(fd, 0, SEEK_SET));
    TRY(sendfile(target, fd, NULL, 100));
    off_t offset = 5;
    TRY(sendfile(target, fd, &offset, 100));
    TRY(copy_file_range(fd, NULL, target, NULL, 100, 0));
    close(target);
    TRY(open("missing\nline", O_RDONLY | O_NOFOLLOW));
    TRY(openat(up, "closed", O_WRONLY | O_TMPFILE, 0600));
    TRY(ioctl(fd, FS_IOC_GETFLAGS, buffer));
    TRY(ioctl(fd, FIONREAD, buffer));
    TRY(ioctl(fd, TCGETS, buffer));
    TRY(ioctl(0, TIOCGWINSZ, buffer));
    close(fd);
    char *names[] = {"a file", "harder", "renamed", "symbolic", "fifo", "copied"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        TRY(unlink(names[i]));
    }
    TRY(unlinkat(AT_FDCWD, "directory/deeper", AT_REMOVEDIR));
    TRY(rmdir("directory"));
}

static void memory(void) {
    char *page = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    TRY(mprotect(page, 4096, PROT_NONE));
    TRY(madvise(page, 4096, MADV_DONTNEED));
    TRY(mlock(page + 4096, 4096));
    TRY(munlock(page + 4096, 4096));
    TRY(msync(page, 4096, MS_ASYNC));
    unsigned char resident[4];
    TRY(mincore(page, 16384, resident));
    page = mremap(page, 16384, 32768, MREMAP_MAYMOVE);
    TRY(munmap(page, 32768));
    int fd = memfd_create("named", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    TRY(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK));
    TRY(fcntl(fd, F_GET_SEALS));
    TRY(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_POPULATE, fd, 0));
    TRY(mmap(NULL, 4096, PROT_READ, MAP_SHARED, 99, 4096));
    close(fd);
}

static void talk(int one, int other) {
    TRY(send(one, "a message", 9, MSG_NOSIGNAL | MSG_DONTWAIT));
    TRY(recv(other, buffer, 4, MSG_PEEK));
    TRY(recv(other, buffer, sizeof buffer, 0));
    struct iovec parts[] = {{"first", 5}, {"second", 6}};
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(2 * sizeof(int))];
    } control = {.header = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(2 * sizeof(int))}};
    memcpy(CMSG_DATA(&control.header), (int[]) {0, 1}, 2 * sizeof(int));
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2, .msg_control = &control, .msg_controllen = sizeof control};
    TRY(sendmsg(one, &message, MSG_NOSIGNAL));
    struct iovec room = {buffer, 8};
    struct msghdr received = {.msg_iov = &room, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    if (recvmsg(other, &received, MSG_CMSG_CLOEXEC) > 0 && received.msg_controllen > 0) {
        int fds[2];
        memcpy(fds, CMSG_DATA(&control.header), sizeof fds);
        close(fds[0]);
        close(fds[1]);
    }
    struct mmsghdr several[2] = {{.msg_hdr = {.msg_iov = parts, .msg_iovlen = 1}}, {.msg_hdr = {.msg_iov = parts, .msg_iovlen = 2}}};
    TRY(sendmmsg(one, several, 2, 0));
    struct mmsghdr drained[2] = {{.msg_hdr = {.msg_iov = &room, .msg_iovlen = 1}}, {.msg_hdr = {.msg_iov = &room, .msg_iovlen = 1}}};
    TRY(recvmmsg(other, drained, 2, MSG_DONTWAIT, NULL));
}

static void sockets(void) {
    int pair[2];
    TRY(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
    talk(pair[0], pair[1]);
    TRY(shutdown(pair[0], SHUT_WR));
    int on = 1;
    socklen_t length = sizeof on;
    TRY(setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
    TRY(getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &on, &length));
    TRY(getsockopt(pair[0], SOL_SOCKET, SO_ERROR, &on, &length));
    struct linger linger = {1, 5};
    TRY(setsockopt(pair[0], SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
    struct timeval patience = {3, 0};
    TRY(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience));
    close(pair[0]);
    close(pair[1]);

    int unix_listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "socket"};
    TRY(bind(unix_listener, (struct sockaddr *) &path, sizeof path));
    TRY(listen(unix_listener, 7));
    int client = socket(AF_UNIX, SOCK_STREAM, 0);
    TRY(connect(client, (struct sockaddr *) &path, sizeof path));
    struct sockaddr_storage peer;
    length = sizeof peer;
    int server = accept4(unix_listener, (struct sockaddr *) &peer, &length, SOCK_CLOEXEC);
    talk(client, server);
    length = sizeof peer;
    TRY(getpeername(client, (struct sockaddr *) &peer, &length));
    close(client);
    close(server);
    close(unix_listener);
    TRY(unlink("socket"));
    struct sockaddr_un abstract = {.sun_family = AF_UNIX, .sun_path = "\0no such name"};
    client = socket(AF_UNIX, SOCK_DGRAM, 0);
    TRY(connect(client, (struct sockaddr *) &abstract, 2 + 13));
    close(client);

    int four = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in nowhere = {.sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    TRY(setsockopt(four, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
    TRY(setsockopt(four, IPPROTO_TCP, 1, &on, sizeof on));
    TRY(connect(four, (struct sockaddr *) &nowhere, sizeof nowhere));
    TRY(accept(four, NULL, NULL));
    close(four);
    int six = socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP);
    struct sockaddr_in6 local = {.sin6_family = AF_INET6, .sin6_port = htons(1), .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_flowinfo = htonl(5)};
    TRY(sendto(six, "datagram", 8, 0, (struct sockaddr *) &local, sizeof local));
    TRY(recvfrom(six, buffer, 10, MSG_DONTWAIT, (struct sockaddr *) &peer, &length));
    close(six);
    int route = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK, .nl_groups = 1};
    TRY(bind(route, (struct sockaddr *) &kernel, sizeof kernel));
    close(route);
}

static void readiness(void) {
    int ends[2];
    TRY(pipe2(ends, O_NONBLOCK | O_CLOEXEC));
    TRY(read(ends[0], buffer, 10));
    struct pollfd fds[] = {{ends[0], POLLIN | POLLPRI, 0}, {ends[1], POLLOUT, 0}, {-1, POLLIN, 0}};
    TRY(poll(fds, 3, 1000));
    TRY(poll(fds, 1, 10));
    struct timespec soon = {0, 1000000};
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    sigaddset(&mask, SIGRTMIN + 3);
    TRY(ppoll(fds, 1, &soon, &mask));
    fd_set readable, writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(ends[0], &readable);
    FD_SET(ends[1], &writable);
    struct timeval instant = {0, 1000};
    TRY(select(ends[1] + 1, &readable, &writable, NULL, &instant));
    TRY(pselect(ends[1] + 1, &readable, NULL, NULL, &soon, &mask));
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLOUT | EPOLLET | EPOLLONESHOT, .data.u32 = 7};
    TRY(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &event));
    struct epoll_event ready[4];
    TRY(epoll_wait(epoll, ready, 4, 5));
    TRY(epoll_pwait(epoll, ready, 4, 0, &mask));
    TRY(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[1], &event));
    TRY(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[1], NULL));
    close(epoll);
    TRY(vmsplice(ends[1], &(struct iovec) {"spliced", 7}, 1, SPLICE_F_NONBLOCK));
    int other[2];
    TRY(pipe(other));
    TRY(tee(ends[0], other[1], 100, SPLICE_F_NONBLOCK));
    TRY(splice(ends[0], NULL, other[1], NULL, 100, SPLICE_F_MOVE));
    TRY(fcntl(ends[0], F_SETPIPE_SZ, 65536));
    close(other[0]);
    close(other[1]);
    close(ends[0]);
    close(ends[1]);
    int event_fd = eventfd(3, EFD_NONBLOCK | EFD_SEMAPHORE);
    TRY(read(event_fd, buffer, 8));
    close(event_fd);
    int watcher = inotify_init1(IN_NONBLOCK);
    int watch = inotify_add_watch(watcher, ".", IN_CREATE | IN_DELETE | IN_ONLYDIR);
    TRY(inotify_rm_watch(watcher, watch));
    close(watcher);
    int signals = signalfd(-1, &mask, SFD_NONBLOCK);
    TRY(signalfd(signals, &mask, 0));
    close(signals);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct itimerspec each = {{1, 500}, {2, 0}};
    TRY(timerfd_settime(timer, 0, &each, NULL));
    each = (struct itimerspec) {{0, 0}, {0, 0}};
    TRY(timerfd_settime(timer, TFD_TIMER_ABSTIME, &each, NULL));
    TRY(timerfd_gettime(timer, &each));
    close(timer);
}

static void on_signal(int number) {
    (void) number;
}

static void signals(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART | SA_NODEFER};
    sigaddset(&action.sa_mask, SIGTERM);
    struct sigaction before;
    TRY(sigaction(SIGUSR1, &action, &before));
    TRY(sigaction(SIGUSR1, NULL, &before));
    TRY(signal(SIGPIPE, SIG_IGN));
    sigset_t all, old;
    sigfillset(&all);
    TRY(sigprocmask(SIG_SETMASK, &all, &old));
    TRY(kill(getpid(), SIGUSR1));
    TRY(sigpending(&all));
    sigemptyset(&all);
    sigaddset(&all, SIGUSR1);
    struct timespec soon = {0, 1000000};
    siginfo_t info;
    TRY(sigtimedwait(&all, &info, &soon));
    TRY(sigtimedwait(&all, NULL, &soon));
    TRY(sigprocmask(SIG_UNBLOCK, &old, NULL));
    sigemptyset(&all);
    TRY(sigprocmask(SIG_SETMASK, &all, NULL));
    TRY(syscall(SYS_tgkill, getpid(), gettid(), SIGUSR1));
    TRY(kill(getpid(), 0));
    TRY(sigqueue(getpid(), SIGUSR1, (union sigval) {.sival_int = 42}));
    stack_t stack = {.ss_sp = buffer, .ss_size = 0, .ss_flags = SS_DISABLE};
    TRY(sigaltstack(&stack, NULL));
    TRY(alarm(100));
    TRY(alarm(0));
    struct itimerval interval = {{0, 0}, {1000, 0}};
    TRY(setitimer(ITIMER_REAL, &interval, NULL));
    interval = (struct itimerval) {{0, 0}, {0, 0}};
    TRY(setitimer(ITIMER_REAL, &interval, NULL));
}

static void children(char *self) {
    int status;
    struct rusage usage;
    // It would come before or after a wait, as it happens.
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    TRY(sigprocmask(SIG_BLOCK, &set, NULL));
    pid_t child = fork();
    if (child == 0) {
        _exit(7);
    }
    TRY(waitpid(child, &status, 0));
    child = fork();
    if (child == 0) {
        kill(getpid(), SIGKILL);
    }
    TRY(wait4(child, &status, 0, &usage));
    child = vfork();
    if (child == 0) {
        execve(self, (char *[]) {self, "end", "with \"quotes\"", NULL}, (char *[]) {"A=1", "B=2", NULL});
        _exit(1);
    }
    siginfo_t info;
    TRY(waitid(P_PID, child, &info, WEXITED | WNOWAIT));
    TRY(waitpid(-1, &status, WNOHANG | WUNTRACED));
    TRY(waitpid(-1, &status, 0));
    TRY(sigprocmask(SIG_UNBLOCK, &set, NULL));
    TRY(execve("missing", (char *[]) {"missing", NULL}, (char *[]) {NULL}));
}

static void numbers(void) {
    TRY(prctl(PR_SET_NAME, "another name"));
    TRY(prctl(PR_GET_DUMPABLE));
    TRY(prctl(PR_SET_PDEATHSIG, 0));
    struct rlimit limit;
    TRY(getrlimit(RLIMIT_NOFILE, &limit));
    TRY(setrlimit(RLIMIT_CORE, &(struct rlimit) {0, 1024 * 1024}));
    struct rusage usage;
    TRY(getrusage(RUSAGE_CHILDREN, &usage));
    TRY(getpriority(PRIO_PROCESS, 0));
    TRY(setpriority(PRIO_PROCESS, 0, 1));
    cpu_set_t set;
    TRY(sched_getaffinity(0, sizeof set, &set));
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    TRY(sched_setaffinity(0, sizeof set, &set));
    struct sched_param param;
    TRY(sched_getparam(0, &param));
    TRY(sched_getscheduler(0));
    TRY(sched_get_priority_max(SCHED_FIFO));
    TRY(sched_yield());
    struct utsname name;
    TRY(uname(&name));
    struct timespec time;
    TRY(syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &time));
    TRY(clock_getres(CLOCK_REALTIME_COARSE, &time));
    TRY(nanosleep(&(struct timespec) {0, 1000}, NULL));
    TRY(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &(struct timespec) {1, 0}, NULL));
    struct tms spent;
    TRY(times(&spent));
    struct sigevent none = {.sigev_notify = SIGEV_NONE};
    timer_t timer;
    TRY(timer_create(CLOCK_MONOTONIC, &none, &timer));
    TRY(timer_settime(timer, 0, &(struct itimerspec) {{0, 0}, {1000, 0}}, NULL));
    TRY(timer_delete(timer));
    TRY(getresuid(&(uid_t) {0}, &(uid_t) {0}, &(uid_t) {0}));
    TRY(setresgid(-1, 0, -1));
    gid_t groups[32];
    TRY(getgroups(32, groups));
    TRY(getpgid(0));
    TRY(getsid(0));
    TRY(setpgid(0, 0));
    int word = 5;
    TRY(syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 4, NULL, NULL, 0));
    TRY(syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0));
    TRY(syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, &word, 5));
    TRY(syscall(SYS_futex, &word, FUTEX_WAKE_OP_PRIVATE, 1, 1, &word, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0)));
    TRY(getrandom(buffer, 16, GRND_NONBLOCK | GRND_RANDOM));
    TRY(syscall(SYS_membarrier, 0, 0, 0));
    TRY(syscall(SYS_getcpu, buffer, NULL, NULL));
    TRY(syscall(9999, 1, 2, 3));
}

static void queues(void) {
    int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    struct {
        long type;
        char text[16];
    } message = {3, "queued"};
    TRY(msgsnd(queue, &message, 7, IPC_NOWAIT));
    TRY(msgrcv(queue, &message, 7, 3, IPC_NOWAIT | MSG_NOERROR));
    TRY(msgctl(queue, IPC_RMID, NULL));
    int semaphores = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
    struct sembuf operations[] = {{0, 1, SEM_UNDO}, {1, 0, IPC_NOWAIT}};
    TRY(semop(semaphores, operations, 2));
    TRY(semctl(semaphores, 0, GETVAL));
    TRY(semctl(semaphores, 0, IPC_RMID));
    int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    void *attached = shmat(segment, NULL, SHM_RDONLY);
    TRY(shmctl(segment, IPC_RMID, NULL));
    TRY(shmdt(attached));
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 32};
    mqd_t posix = mq_open("/ktrace-calls", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attributes);
    TRY(mq_send(posix, "posted", 6, 5));
    unsigned priority;
    TRY(mq_receive(posix, buffer, 64, &priority));
    TRY(mq_getattr(posix, &attributes));
    TRY(mq_close(posix));
    TRY(mq_unlink("/ktrace-calls"));
}

int main(int argc, char **argv) {
    if (argc > 1) {
        return 3;
    }
    paths();
    memory();
    sockets();
    readiness();
    signals();
    children(argv[0]);
    queues();
    numbers();
    return 0;
}
