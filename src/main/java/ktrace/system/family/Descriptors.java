package ktrace.system.family;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.system.Family;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.call.ChangesDescriptors;
import ktrace.system.call.OnDescriptor;
import ktrace.system.call.OnKnownDescriptor;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.TrackedObject;
import ktrace.system.objects.Way;

/**
 * read(2), write(2) and their like, which wait for whatever their descriptor refers to; and the calls that double and close
 * descriptors of any kind.
 */
final class Descriptors implements Family {
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_DUPFD = 0;
    private static final int F_SETFD = 2;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int FIONCLEX = 0x5450;
    private static final int FIOCLEX = 0x5451;
    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int CLONE_FILES = 0x400;

    @Override
    public List<ObjectKind> kinds() {
        return List.of();
    }

    @Override
    public void calls(Calls calls) {
        calls.add("read readv pread64 preadv preadv2 getdents getdents64", new OnDescriptor(0, Way.READ, "to read"));
        calls.add("write writev pwrite64 pwritev pwritev2 vmsplice", new OnDescriptor(0, Way.WRITE, "to write"));
        calls.add("splice copy_file_range", new Transfer(0, 2));
        calls.add("tee", new Transfer(0, 1));
        calls.add("sendfile sendfile64", new Transfer(1, 0));
        calls.add("close", new Close(0) {
            @Override
            public String verb() {
                return "to close";
            }
        });
        calls.add("dup", new ChangesDescriptors((machine, thread, fd) -> duplicate(machine, thread, fd, false)));
        calls.add("dup2", new DuplicateOver(false));
        calls.add("dup3", new DuplicateOver(true));
        calls.add("close_range", new CloseRange());
        calls.add("unshare", new ChangesDescriptors((machine, thread, zero) -> {
            if ((thread.args[0] & CLONE_FILES) != 0) {
                thread.process.unshareDescriptors();
            }
        }));
    }

    /** The number is free as soon as the call has begun; the object stays the thread's until its next call. */
    private static class Close extends OnKnownDescriptor {
        Close(int argument) {
            super(argument, Way.BOTH);
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            super.enter(machine, thread, nowNs);
            thread.released = thread.object;
            thread.process.fds.remove(fd(thread));
        }

        /** The number may be another's by now. */
        @Override
        public final int descriptor(ThreadEntry thread) {
            return -1;
        }

        @Override
        public final void ask(Machine machine, ThreadEntry thread, long nowNs) {
        }

        @Override
        public final void settle(Machine machine, ThreadEntry thread, long nowNs) {
        }

        @Override
        public final boolean isBrief() {
            return true;
        }

        @Override
        public final boolean sends() {
            return true;
        }

        @Override
        public final boolean hangsUp() {
            return true;
        }
    }

    /** dup2 and dup3 close what the number has referred to. */
    private static final class DuplicateOver extends Close {
        private final boolean hasFlags;

        DuplicateOver(boolean hasFlags) {
            super(1);
            this.hasFlags = hasFlags;
        }

        @Override
        public void enter(Machine machine, ThreadEntry thread, long nowNs) {
            if ((int) thread.args[0] != fd(thread)) {
                thread.object = thread.process.fds.get(fd(thread));
                thread.released = thread.object;
            }
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result >= 0) {
                duplicate(machine, thread, (int) result, hasFlags && (thread.args[2] & O_CLOEXEC) != 0);
            }
        }
    }

    private static final class CloseRange extends SystemCall {
        @Override
        public boolean letsGo() {
            return true;
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result < 0) {
                return;
            }
            if ((thread.args[2] & CLOSE_RANGE_UNSHARE) != 0) {
                thread.process.unshareDescriptors();
            }
            long first = thread.args[0] & 0xffffffffL;
            long last = thread.args[1] & 0xffffffffL;
            if ((thread.args[2] & CLOSE_RANGE_CLOEXEC) != 0) {
                thread.process.fds.setCloseOnExecRange(first, last);
            } else {
                thread.process.fds.removeRange(first, last);
            }
        }
    }

    // -- of fcntl(2) and ioctl(2), which other families have -------------------------------------------------------------------

    /** {@code to} refers to what the first argument of the call does. */
    private static void duplicate(Machine machine, ThreadEntry thread, int to, boolean closeOnExec) {
        FdTable fds = thread.process.fds;
        int from = (int) thread.args[0];
        if (from == to) {
            return;
        }
        TrackedObject object = fds.get(from);
        int flags = object == null ? FdTable.READ_WRITE : fds.flags(from) & FdTable.READ_WRITE;
        fds.put(to, object == null ? machine.made() : object, flags | (closeOnExec ? FdTable.CLOSE_ON_EXEC : 0));
    }

    /** fcntl(2) has returned {@code result}: what its commands change that are about the descriptor itself. */
    static void fcntl(Machine machine, ThreadEntry thread, int result) {
        switch ((int) thread.args[1]) {
            case F_DUPFD -> duplicate(machine, thread, result, false);
            case F_DUPFD_CLOEXEC -> duplicate(machine, thread, result, true);
            case F_SETFD -> thread.process.fds.setCloseOnExec((int) thread.args[0], (thread.args[2] & 1) != 0);
            default -> { }
        }
    }

    /** The same of ioctl(2). */
    static void ioctl(ThreadEntry thread) {
        int request = (int) thread.args[1];
        if (request == FIOCLEX || request == FIONCLEX) {
            thread.process.fds.setCloseOnExec((int) thread.args[0], request == FIOCLEX);
        }
    }
}
