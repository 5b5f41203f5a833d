package ktrace.system.family;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.system.Family;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.WaitWords;
import ktrace.system.objects.Way;

/**
 * Files, directories and block devices: waiting for them is waiting for storage, which nobody ends but the device. Besides read and
 * write these are the calls that read directories and inodes, and those that write back.
 */
final class Files implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.DISK);
    }

    @Override
    public boolean isOpened(KernelObject file) {
        return true;
    }

    @Override
    public void calls(Calls calls) {
        calls.add("fsync fdatasync sync_file_range syncfs", new OnDescriptor(0, Way.WRITE));
        calls.add("readahead", new Brief(Way.READ));
        calls.add("ftruncate ftruncate64 fallocate", new Brief(Way.WRITE));
        calls.add("lseek _llseek fstat fstat64 fstatfs fchmod fchown fadvise64", new OnUnlookedDescriptor());
        calls.add("stat lstat newfstatat statx stat64 lstat64 fstatat64 access faccessat faccessat2 readlink readlinkat rename "
                + "renameat renameat2 unlink unlinkat link linkat symlink symlinkat mkdir mkdirat rmdir mknod mknodat chmod "
                + "fchmodat fchmodat2 chown lchown fchownat truncate truncate64 utimensat utime utimes futimesat getxattr "
                + "lgetxattr fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr flistxattr removexattr lremovexattr "
                + "fremovexattr chdir fchdir getcwd statfs statfs64 sync mount umount2 name_to_handle_at uselib swapon swapoff",
                new OnPath());
        calls.add("msync io_getevents io_pgetevents", new WriteBack());
    }

    @Override
    public WaitWords words(ToldWait wait) {
        String in = wait.callName().isEmpty() ? " in a page fault" : " in " + wait.callName();
        return wait.isNamed() ? wait.named("for disk", in) : wait.words("for disk" + in);
    }

    @Override
    public String one(ObjectKind kind) {
        return "a file";
    }

    @Override
    public String many(ObjectKind kind) {
        return "files";
    }

    @Override
    public String many(int count, ObjectKind kind) {
        return "(" + count + " files)";
    }

    /** Waits for nobody; when it sleeps at all, it is for a moment. */
    private static final class Brief extends OnDescriptor {
        Brief(Way way) {
            super(0, way);
        }

        @Override
        public boolean isBrief() {
            return true;
        }
    }

    /** Most often on a file, and so often that what it is on is not looked up. */
    private static final class OnUnlookedDescriptor extends SystemCall {
        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.DISK;
        }

        @Override
        public boolean isBrief() {
            return true;
        }
    }

    /** For storage, when it sleeps at all. */
    private static final class OnPath extends SystemCall {
        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.DISK;
        }
    }

    /** Of mapped pages, msync(2), or of what was submitted to Linux AIO, which is asynchronous with O_DIRECT, io_submit(2). */
    private static final class WriteBack extends SystemCall {
        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            return ObjectKind.DISK;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            return ObjectKind.DISK;
        }
    }
}
