package ktrace.system.family;

import java.util.List;
import ktrace.event.EventType;
import ktrace.event.Evidence.Interrupt;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.ToldWait;
import ktrace.system.ToldWait.Words;
import ktrace.system.WakeUp;
import ktrace.system.call.OnDescriptor;
import ktrace.system.call.OnKnownDescriptor;
import ktrace.system.objects.KernelFunctions;
import ktrace.system.objects.TrackedObject;
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
        calls.add("lseek _llseek fstat fstat64 fstatfs fchmod fchown fadvise64 fgetxattr fsetxattr flistxattr fremovexattr",
                new OnUnlookedDescriptor());
        calls.add("fchdir", new OnUnlookedDescriptor() {
            @Override
            public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
                thread.process.paths.forget();
            }
        });
        calls.add("chdir chroot", new OnPath(OnPath.NONE, 0) {
            @Override
            public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
                thread.process.paths.forget();
            }
        });
        calls.add("stat lstat stat64 lstat64 access readlink rename unlink link mkdir rmdir mknod chmod chown lchown truncate "
                + "truncate64 utime utimes getxattr lgetxattr setxattr lsetxattr listxattr llistxattr removexattr lremovexattr "
                + "statfs statfs64 umount2", new OnPath(OnPath.NONE, 0));
        calls.add("symlink mount", new OnPath(OnPath.NONE, 1));
        calls.add("newfstatat statx fstatat64 faccessat faccessat2 readlinkat renameat renameat2 unlinkat linkat mkdirat mknodat "
                + "fchmodat fchmodat2 fchownat utimensat futimesat name_to_handle_at", new OnPath(0, 1));
        calls.add("symlinkat", new OnPath(1, 2));
        calls.add("getcwd sync uselib swapon", new OnPath(OnPath.NONE, OnPath.NONE));
        calls.add("msync", new WriteBack());
    }

    @Override
    public void ask(Machine machine, TraceEvent event) {
        ThreadEntry thread = faulted(machine, event);
        if (thread != null) {
            machine.askMapped(thread.process, event.arg0);
        }
    }

    /** What the thread has waited for outside of its calls, if it has: a page of a file that is mapped there, or of swap space. */
    @Override
    public void heard(Machine machine, TraceEvent event) {
        ThreadEntry thread = faulted(machine, event);
        if (thread != null) {
            TrackedObject file = machine.mappedAt(thread.process, event.arg0, event.timeNs);
            event.waitsFor = file == null ? ObjectKind.DISK : file.kind();
            event.object = file == null ? null : file.object;
        }
    }

    private static ThreadEntry faulted(Machine machine, TraceEvent event) {
        ThreadEntry thread = event.type == EventType.PAGE_FAULTED ? machine.thread(event.tid) : null;
        return thread != null && thread.isOutsideCalls() ? thread : null;
    }

    /** Nothing but an open that a lease holds up is let on by F_SETLEASE, which the kernel need not have been asked the file of. */
    @Override
    public boolean canOnlyBe(WakeUp wakeUp, TrackedObject file) {
        TrackedObject leased = wakeUp.used();
        return FileLocks.setsLease(wakeUp.waker()) && (leased == null || leased.isStandIn());
    }

    /** Not of what the kernel itself makes up as it is read. */
    @Override
    public Interrupt interruptedBy(KernelObject file) {
        return file.name().startsWith("/") && !KernelFunctions.isMadeUp(file) ? Interrupt.DISK : Interrupt.UNKNOWN;
    }

    @Override
    public Words words(ToldWait wait) {
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

    /** Most often on a file, and so often that what it is on is looked up only if it blocks. */
    private static class OnUnlookedDescriptor extends OnKnownDescriptor {
        OnUnlookedDescriptor() {
            super(0, Way.READ);
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            KernelObject object = thread.worksOn();
            return object != null && object.kind() == ObjectKind.FUSE ? ObjectKind.FUSE : ObjectKind.DISK;
        }

        @Override
        public boolean isOnDescriptor() {
            return false;
        }

        @Override
        public boolean isBrief() {
            return true;
        }
    }

    /**
     * A call on a path, for storage when it sleeps at all, or for whoever serves the file. The path lies in the caller's memory, and is
     * asked for only when the call blocks; while it does its path stays where it is.
     */
    static class OnPath extends SystemCall {
        static final int NONE = -1;
        private static final int AT_FDCWD = -100;

        private final int directory;
        private final int path;

        /**
         * @param directory which argument is the descriptor of the directory that a relative path begins at, or none
         * @param path which argument is the path, or none
         */
        OnPath(int directory, int path) {
            this.directory = directory;
            this.path = path;
        }

        final void askPath(Machine machine, ThreadEntry thread) {
            if (path == NONE || thread.pathAsked) {
                return;
            }
            if (thread.object == null) {
                thread.pathAsked = true;
                machine.askOpening(thread, directory(thread), thread.args[path]);
            } else if (thread.path != null && thread.process.paths.isDue(directory(thread), thread.path, thread.enteredNs())) {
                thread.pathAsked = true;
                machine.askPathAgain(thread, directory(thread));
            }
        }

        private int directory(ThreadEntry thread) {
            return directory == NONE ? AT_FDCWD : (int) thread.args[directory];
        }

        /** The thread is about to wait, and this is its path: until it is answered, it leads where it has led before. */
        final void waitsAt(Machine machine, ThreadEntry thread, Fact.AtPath told) {
            if (path == NONE || thread.args[path] != told.pathAddress()) {
                return;
            }
            thread.path = told.path();
            KernelObject before = thread.object == null
                    ? thread.process.paths.at(directory(thread), thread.path, thread.enteredNs()) : null;
            if (before != null) {
                thread.object = machine.internOpened(before, thread.enteredNs());
                machine.settle(thread);
            }
        }

        /** The same path may be waited at, by the same thread or another, after the answer has come. */
        final void learned(Machine machine, ThreadEntry thread, Fact.OfPath led) {
            if (directory(thread) == led.dirFd() && led.path().equals(thread.path)) {
                thread.object = machine.internOpened(led.found(), thread.enteredNs());
                machine.settle(thread);
            }
        }

        /** Storage is waited for in D: that is nearly always, and not worth a question each time. */
        @Override
        public void askInterruptible(Machine machine, ThreadEntry thread, long nowNs) {
            askPath(machine, thread);
        }

        /** The path of the thread at this address leads to {@code found}. */
        final void learned(Machine machine, ThreadEntry thread, long pathAddress, KernelObject found, long nowNs) {
            if (path != NONE && thread.args[path] == pathAddress) {
                thread.object = machine.internOpened(found, nowNs);
            }
        }

        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            KernelObject object = thread.worksOn();
            return object != null && object.kind().ipc() ? object.kind() : ObjectKind.OTHER;
        }

        @Override
        public ObjectKind waitsUninterruptiblyFor(ThreadEntry thread) {
            KernelObject object = thread.worksOn();
            return object != null && object.kind() == ObjectKind.FUSE ? ObjectKind.FUSE : ObjectKind.DISK;
        }
    }

    /** Of mapped pages. */
    private static final class WriteBack extends SystemCall {
        @Override
        public void ask(Machine machine, ThreadEntry thread, long nowNs) {
            machine.askMapped(thread.process, thread.args[0]);
        }

        @Override
        public void settle(Machine machine, ThreadEntry thread, long nowNs) {
            thread.object = machine.mappedAt(thread.process, thread.args[0], nowNs);
        }

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
