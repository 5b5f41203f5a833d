// Makes the system calls that few programs make, by their numbers, each in the same way in each run; see calls.c. Built for x86-64
// (rarecalls) and for i386 (rarecalls32). What would change the machine is called so that it fails. Its directory must be empty
// and is left empty.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/keyctl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#define CALL(name, ...) do { long result_ = syscall(SYS_##name, ##__VA_ARGS__); (void) result_; } while (0)

static char buffer[4096];
static int64_t wide[8];

static void on_signal(int number) {
    (void) number;
}

static sigjmp_buf resume;
static void *volatile nowhere = (void *) 8;

static void leave(int number) {
    siglongjmp(resume, number);
}

static void files(void) {
    int fd = open("a file", O_RDWR | O_CREAT, 0640);
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH};
    CALL(openat2, AT_FDCWD, "a file", &how, sizeof how);
    CALL(openat2, AT_FDCWD, "missing", &how, sizeof how);
    CALL(faccessat, AT_FDCWD, "a file", R_OK);
    CALL(access, "a file", F_OK);
    CALL(renameat, AT_FDCWD, "a file", AT_FDCWD, "b file");
    CALL(fchmodat, AT_FDCWD, "b file", 0600);
    CALL(rename, "b file", "a file");
    sync_file_range(fd, 1, 4096, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    struct iovec part = {"data", 4};
    CALL(pwritev2, fd, &part, 1, 0, 0, RWF_DSYNC);
    CALL(fremovexattr, fd, "user.none");
    CALL(lremovexattr, "a file", "user.none");
    CALL(lsetxattr, "a file", "user.a", "b", 1, 0);
    CALL(mount, "nothing", "missing", "tmpfs", MS_NOSUID | MS_NOEXEC, "size=1k");
    CALL(umount2, "missing", MNT_DETACH | UMOUNT_NOFOLLOW);
    CALL(pivot_root, "missing", "missing");
    CALL(swapon, "missing", 0);
    CALL(swapoff, "missing");
    CALL(acct, "missing/file");
    CALL(chroot, "missing");
    CALL(fanotify_init, 0x8 | 0x3, O_RDONLY);
    fanotify_mark(-1, FAN_MARK_ADD, FAN_MODIFY | FAN_ONDIR, AT_FDCWD, "missing");
    CALL(eventfd, 3);
    CALL(inotify_init);
    CALL(creat, "created", 0600);
    CALL(symlinkat, "a file", AT_FDCWD, "symbolic");
    CALL(readlinkat, AT_FDCWD, "symbolic", buffer, 3);
    CALL(fchownat, AT_FDCWD, "symbolic", 0, 0, AT_SYMLINK_NOFOLLOW);
    CALL(mknodat, AT_FDCWD, "node", S_IFCHR | 0600, 0x103);
    CALL(fsopen, "tmpfs", 1);
    CALL(getdents, fd, buffer, 100);
    CALL(unlink, "symbolic");
    CALL(unlink, "created");
    CALL(unlink, "node");
    CALL(unlink, "a file");
    CALL(open_tree, AT_FDCWD, "missing", 0x80000);
    CALL(move_mount, -1, "missing", AT_FDCWD, "missing", 0);
    CALL(sync);
    CALL(syncfs, 99);
}

static void memory(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CALL(mlock2, page, 4096, 1);
    CALL(munlockall);
    CALL(mlockall, 0);
    struct iovec here = {buffer, 8};
    struct iovec there = {wide, 8};
    CALL(process_vm_readv, getpid(), &here, 1, &there, 1, 0);
    CALL(process_vm_writev, getpid(), &here, 1, &there, 1, 0);
    CALL(pkey_mprotect, page, 4096, PROT_READ, -1);
    CALL(pkey_free, 99);
    CALL(membarrier, 16, 0);
    CALL(get_mempolicy, buffer, NULL, 0, NULL, 0);
    munmap(page, 4096);
}

static void processes(char *self) {
    CALL(getpgrp);
    CALL(setsid);
    CALL(get_robust_list, 0, &wide[0], &wide[1]);
    CALL(personality, 0xffffffff);
    CALL(unshare, 0);
    CALL(setns, -1, CLONE_NEWNET);
    int pidfd = syscall(SYS_pidfd_open, getpid(), 0);
    CALL(pidfd_send_signal, pidfd, 0, NULL, 0);
    CALL(pidfd_getfd, pidfd, 99, 0);
    close(pidfd);
    CALL(kcmp, getpid(), getpid(), 1, 0, 0);
    CALL(kcmp, getpid(), getpid(), 3, 0, 0);
    CALL(seccomp, 2, 0, NULL);
    CALL(process_mrelease, -1, 0);
    CALL(tkill, getpid(), 0);
    CALL(ptrace, 16, 0, NULL, NULL);
    CALL(ptrace, 7, 0, NULL, (void *) 9);
    CALL(ptrace, 0x4206, 0, NULL, (void *) 0x11);
    CALL(ptrace, 0x4207, 0, NULL, NULL);
    pid_t child = fork();
    if (child == 0) {
        CALL(execveat, AT_FDCWD, self, ((char *[]) {self, "end", NULL}), ((char *[]) {NULL}), 0);
        _exit(1);
    }
    int status;
#ifdef SYS_waitpid
    CALL(waitpid, child, &status, 0);
#else
    CALL(wait4, child, &status, 0, NULL);
#endif
    CALL(execveat, 99, "", NULL, NULL, AT_EMPTY_PATH);
}

static void rights(void) {
    CALL(setuid, 0);
    CALL(setgid, 0);
    CALL(setreuid, -1, 0);
    CALL(setregid, -1, -1);
    CALL(setresuid, 0, -1, -1);
    uint32_t real, effective, saved;
    CALL(getresgid, &real, &effective, &saved);
    CALL(setfsuid, 0);
    CALL(setfsgid, 0);
    CALL(geteuid);
    CALL(getegid);
    CALL(getgid);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    CALL(capget, &header, data);
    CALL(capset, &header, data);
    CALL(add_key, "user", "name", "payload", 7, KEY_SPEC_PROCESS_KEYRING);
    CALL(request_key, "user", "no such key", NULL, 0);
}

static void signals(void) {
    signal(SIGALRM, on_signal);
    signal(SIGUSR1, on_signal);
    signal(SIGTRAP, on_signal);
    uint64_t mask = 1 << (SIGUSR1 - 1);
    CALL(rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8);
    siginfo_t info = {.si_code = SI_QUEUE};
    info.si_value.sival_int = 7;
    CALL(rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &info);
    CALL(rt_sigpending, &mask, 8);
    mask = 1 << (SIGCHLD - 1);
    CALL(rt_sigsuspend, &mask, 8);
    struct itimerval soon = {{0, 0}, {0, 2000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    CALL(pause);
    CALL(getitimer, ITIMER_VIRTUAL, buffer);
    signal(SIGSEGV, leave);
    signal(SIGFPE, leave);
    if (sigsetjmp(resume, 1) == 0) {
        *(volatile int *) nowhere = 1;
    }
    if (sigsetjmp(resume, 1) == 0) {
        static volatile int none;
        none = 1000 / none;
    }
    raise(SIGTRAP);
    if (fork() == 0) {
        usleep(50000);
        kill(getppid(), SIGCONT);
        usleep(50000);
        _exit(0);
    }
    kill(getpid(), SIGSTOP);
    CALL(wait4, -1, NULL, 0, NULL);
    CALL(signalfd, -1, &mask, 8);
    CALL(rt_sigaction, SIGTERM, NULL, buffer, 8);
}

static void times_and_waits(void) {
    struct timespec nothing = {0, 1};
    CALL(nanosleep, &nothing, NULL);
    CALL(gettimeofday, buffer, buffer + 100);
    CALL(time, NULL);
    CALL(clock_settime, CLOCK_REALTIME, NULL);
    CALL(settimeofday, (void *) 8, NULL);
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2, .sigev_value.sival_int = 5};
    timer_create(CLOCK_REALTIME, &event, &timer);
    CALL(timer_gettime, timer, buffer);
    CALL(timer_getoverrun, timer);
    CALL(timer_settime, timer, TIMER_ABSTIME, (void *) 8, NULL);
    timer_delete(timer);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(0, &set);
    struct timeval instant = {0, 10};
#ifdef SYS__newselect
    CALL(_newselect, 1, NULL, NULL, &set, &instant);
#else
    CALL(select, 1, NULL, NULL, &set, &instant);
#endif
    int epoll = epoll_create(1);
    int64_t brief[2] = {0, 1000};
    struct epoll_event ready[2];
    CALL(epoll_pwait2, epoll, ready, 2, brief, NULL, 8);
    CALL(epoll_create, 0);
    close(epoll);
    int semaphore = semget(IPC_PRIVATE, 1, 0600);
    struct sembuf up = {0, 1, 0};
    semop(semaphore, &up, 1);
    semctl(semaphore, 0, IPC_RMID);
    CALL(mq_notify, -1, &event);
    uint32_t word = 1;
    CALL(futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, NULL, NULL, 0xff);
    CALL(futex, &word, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0);
    CALL(futex, &word, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0);
}

static void scheduling(void) {
    struct sched_param param = {0};
    CALL(sched_setscheduler, 0, SCHED_BATCH, &param);
    CALL(sched_setparam, 0, &param);
    CALL(sched_get_priority_min, SCHED_RR);
    CALL(sched_rr_get_interval, 0, buffer);
    CALL(sched_getattr, 0, buffer, 56, 0);
    CALL(sched_setattr, 0, buffer, 0);
    CALL(ioprio_get, 1, 0);
    CALL(ioprio_set, 1, 0, 2 << 13 | 4);
    struct rlimit limit;
    CALL(getrlimit, RLIMIT_CORE, &limit);
    CALL(setrlimit, RLIMIT_CORE, &limit);
    CALL(prlimit64, 0, RLIMIT_NPROC, NULL, buffer);
    CALL(getpriority, PRIO_USER, 0);
}

static void the_system(void) {
    CALL(syslog, 10, NULL, 0);
    CALL(syslog, 3, buffer, -1);
    CALL(sethostname, NULL, 5);
    CALL(setdomainname, NULL, 5);
    CALL(init_module, NULL, 0, "a=b");
    CALL(finit_module, -1, "a=b", 1);
    CALL(delete_module, "no_such_module", O_NONBLOCK);
    CALL(iopl, 0);
    CALL(ioperm, 0x80, 1, 0);
    CALL(getcpu, NULL, NULL, NULL);
    CALL(io_setup, 0, &wide[0]);
    CALL(io_destroy, 0);
}

#ifdef __i386__
static void i386_alone(void) {
    CALL(stat, "/proc", buffer);
    CALL(lstat, "/dev/null", buffer);
    CALL(fstat, 0, buffer);
    CALL(statfs, "/proc", buffer);
    CALL(truncate64, "missing", 5, 6);
    CALL(ftruncate64, 99, 5, 6);
    CALL(fadvise64_64, 99, 1, 2, 3, 4, POSIX_FADV_DONTNEED);
    CALL(sendfile, 99, 98, NULL, 5);
    int64_t time[4] = {0, 1000, 0, 1000};
    CALL(clock_gettime64, CLOCK_PROCESS_CPUTIME_ID, buffer);
    CALL(clock_settime64, CLOCK_REALTIME, NULL);
    CALL(clock_nanosleep_time64, CLOCK_MONOTONIC, 0, time, NULL);
    CALL(timer_gettime64, 99, buffer);
    CALL(timerfd_settime64, 99, 0, time, buffer);
    CALL(utimensat_time64, AT_FDCWD, "missing", time, 0);
    CALL(pselect6_time64, 0, NULL, NULL, NULL, time, NULL);
    CALL(ppoll_time64, NULL, 0, time, NULL, 0);
    CALL(mq_timedsend_time64, -1, "text", 4, 1, time);
    CALL(mq_timedreceive_time64, -1, buffer, 4, NULL, time);
    CALL(semtimedop_time64, -1, buffer, 1, time);
    uint64_t mask = 1 << (SIGUSR2 - 1);
    CALL(rt_sigtimedwait_time64, &mask, NULL, time, 8);
    uint32_t word = 1;
    CALL(futex_time64, &word, FUTEX_WAIT_PRIVATE, 1, time, NULL, 0);
    CALL(sched_rr_get_interval_time64, 0, buffer);
    unsigned long old[4] = {0, 0, SA_RESTART, 0};
    CALL(sigaction, SIGUSR2, old, buffer);
    unsigned long set = 1 << (SIGUSR1 - 1);
    CALL(sigprocmask, SIG_BLOCK, &set, buffer);
    CALL(sigpending, buffer);
    CALL(signal, SIGUSR2, 1);
    CALL(nice, 0);
    CALL(get_thread_area, buffer);
    CALL(mmap, (unsigned long []) {0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0});
    CALL(select, (unsigned long []) {0, 0, 0, 0, (unsigned long) &(struct timeval) {0, 10}});
    CALL(socketcall, 99, NULL);
    CALL(ipc, 99, 0, 0, 0, NULL, 0);
}
#else
static void i386_alone(void) {
}
#endif

int main(int argc, char **argv) {
    if (argc > 1) {
        return 3;
    }
    // It would come before or after a wait, as it happens.
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    files();
    memory();
    processes(argv[0]);
    rights();
    signals();
    times_and_waits();
    scheduling();
    the_system();
    i386_alone();
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return 0;
}
