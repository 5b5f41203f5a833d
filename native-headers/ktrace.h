/*
 * What ktrace asks of the kernel and of the C library, as their own headers state it. jextract.sh reads this file and
 * emits what includes.txt names: layouts and constants, no functions. UapiLayoutTest compiles the same file with the
 * C compiler and compares.
 *
 * The committed bindings are those of x86-64. On aarch64 the perf, netlink, futex, poll and signal interfaces are the same,
 * byte for byte; different are struct stat, epoll_event (packed on x86-64 only), user_regs_struct, a few O_* flags
 * (O_DIRECTORY, O_NOFOLLOW, O_DIRECT) and the __NR_* numbers: take those from SyscallTable.
 *
 * One header per subject. Where the kernel's header and glibc's declare the same thing and cannot be included together,
 * glibc's is taken if it has everything we need; the reason stands beside the exceptions.
 */
#ifndef KTRACE_H
#define KTRACE_H

#define _GNU_SOURCE 1

/* Fixed-width types first: several kernel headers lean on them. */
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

/* Which kernel's headers these are: LINUX_VERSION_MAJOR, LINUX_VERSION_PATCHLEVEL. */
#include <linux/version.h>

/* perf_event_open(2), and the numbers of the calls that glibc has no wrapper for. */
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <asm/unistd.h>

/* Errors, signals, waiting for children, starting them: errno(3), signal(7), waitid(2), posix_spawn(3), pidfd_open(2). */
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <spawn.h>
#include <sched.h>
#include <linux/sched.h>
#include <linux/close_range.h>
#include <linux/kcmp.h>

/* Limits, privileges, clocks: getrlimit(2), getrusage(2), prctl(2), capabilities(7), clock_gettime(2), sysconf(3). */
#include <sys/resource.h>
#include <sys/prctl.h>
#include <linux/capability.h>
#include <time.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Files, mappings, mounts: open(2), fcntl(2), flock(2), statx(2), mmap(2), statfs(2), mount(2), inotify(7). */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/uio.h>
#include <sys/inotify.h>
#include <linux/magic.h>

/* Waiting for descriptors and for each other: poll(2), epoll(7), eventfd(2), futex(2), sysvipc(7). */
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <linux/futex.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

/* Sockets and who is at their other end: socket(2), netlink(7), sock_diag(7). TCP_ESTABLISHED and the other states. */
#include <sys/socket.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <linux/inet_diag.h>

/* ptrace(2), seccomp(2). The kernel's ptrace.h, not glibc's: that one lacks nothing, but excludes this one's structs. */
#include <linux/ptrace.h>
#include <asm/ptrace-abi.h>
#include <sys/user.h>
#include <elf.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
#include <linux/audit.h>

#endif
