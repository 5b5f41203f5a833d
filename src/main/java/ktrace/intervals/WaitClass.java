package ktrace.intervals;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * How a system call waits. The sleeps are those of the man pages of section 2; whether the kernel sleeps interruptibly in them is
 * said in {@link BlockReason}.
 */
enum WaitClass {
    /** Does not wait for anybody, or it is not known for what. */
    NONE(""),
    /** For what its file descriptor refers to. */
    FD("read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 recvfrom recvmsg recvmmsg recv sendto sendmsg "
            + "sendmmsg send accept accept4 connect shutdown close splice tee vmsplice sendfile sendfile64 copy_file_range "
            + "_llseek lseek getdents getdents64 ftruncate ftruncate64 fallocate readahead fadvise64 fsync fdatasync "
            + "sync_file_range syncfs fstat fstat64 fstatfs fchmod fchown"),
    /** A terminal answers, or waits for its output to drain; what other devices do is theirs. */
    IOCTL("ioctl"),
    /** For one of many: nothing to wait for when the set is empty, and then it sleeps. */
    POLL("poll ppoll"),
    SELECT("select pselect6 _newselect"),
    EPOLL("epoll_wait epoll_pwait epoll_pwait2"),
    FUTEX("futex"),
    FUTEX_WAIT("futex_waitv futex_wait"),
    SYSVMSG("msgrcv msgsnd"),
    SYSVSEM("semop semtimedop"),
    MQUEUE("mq_timedreceive mq_timedsend"),
    CHILD("wait4 waitid waitpid"),
    /** For its child, when it was made with CLONE_VFORK. */
    CLONE("vfork clone clone3"),
    SIGNAL("rt_sigtimedwait rt_sigsuspend pause sigsuspend"),
    FLOCK("flock"),
    FCNTL("fcntl fcntl64"),
    SLEEP("nanosleep clock_nanosleep"),
    /** For storage, when it sleeps at all: works on paths, and reads directories and inodes. */
    PATH("open openat openat2 open_by_handle_at creat stat lstat newfstatat statx stat64 lstat64 fstatat64 access faccessat "
            + "faccessat2 readlink readlinkat rename renameat renameat2 unlink unlinkat link linkat symlink symlinkat mkdir "
            + "mkdirat rmdir mknod mknodat chmod fchmodat fchmodat2 chown lchown fchownat truncate truncate64 utimensat utime "
            + "utimes futimesat getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr flistxattr "
            + "removexattr lremovexattr fremovexattr chdir fchdir getcwd execve execveat statfs statfs64 sync mount umount2 "
            + "name_to_handle_at uselib swapon swapoff"),
    /** Writes mapped pages back. */
    MSYNC("msync"),
    /** Linux AIO: asynchronous on files opened with O_DIRECT, io_submit(2). */
    AIO("io_getevents io_pgetevents"),
    /** Goes on with the call that a stop signal interrupted. */
    RESTART("restart_syscall"),
    EXIT("exit exit_group"),
    SIGRETURN("rt_sigreturn sigreturn");

    private final String names;

    WaitClass(String names) {
        this.names = names;
    }

    /** The class of each number below {@code limit}. */
    static WaitClass[] byNumber(IntFunction<String> syscallNames, int limit) {
        Map<String, WaitClass> byName = new HashMap<>();
        for (WaitClass c : values()) {
            for (String name : c.names.split(" ")) {
                byName.put(name, c);
            }
        }
        WaitClass[] classes = new WaitClass[limit];
        for (int nr = 0; nr < limit; nr++) {
            classes[nr] = byName.getOrDefault(syscallNames.apply(nr), NONE);
        }
        return classes;
    }
}
