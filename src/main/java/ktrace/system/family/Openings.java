package ktrace.system.family;

import java.util.List;
import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.facts.ObjectSource.LockSort;
import ktrace.facts.Question;
import ktrace.system.Family;
import ktrace.system.objects.FdTable;
import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;

/**
 * open(2) and its like. An open waits for storage, or, of a FIFO, for who opens the other end, or for a terminal. The path lies in
 * the caller's memory, and is asked for only when it blocks; while it does its path stays where it is.
 */
final class Openings implements Family {
    private static final int NONE = Files.OnPath.NONE;

    @Override
    public List<ObjectKind> kinds() {
        return List.of();
    }

    @Override
    public void calls(Calls calls) {
        calls.add("open", new Open(0, 1));
        calls.add("openat", new Open(1, 2));
        // Its flags lie in the caller's memory.
        calls.add("openat2", new Open(1, NONE));
        calls.add("creat", new Open(0, NONE) {
            @Override
            int flags(ThreadEntry thread) {
                return FdTable.WRITE;
            }
        });
        calls.add("open_by_handle_at", new Open(NONE, 2));
    }

    @Override
    public void learned(Machine machine, Fact fact) {
        switch (fact) {
            case Fact.OfOpening(int tid, long pathAddress, KernelObject found) -> {
                ThreadEntry thread = machine.thread(tid);
                if (thread != null && thread.call() instanceof Files.OnPath call) {
                    call.learned(machine, thread, pathAddress, found, thread.enteredNs());
                }
            }
            case Fact.AtPath told -> {
                ThreadEntry thread = machine.thread(told.tid());
                if (thread != null && thread.call() instanceof Files.OnPath call) {
                    call.waitsAt(machine, thread, told);
                }
            }
            case Fact.OfPath led -> {
                ThreadEntry thread = machine.thread(led.tid());
                if (thread != null) {
                    thread.process.paths.leads(led.dirFd(), led.path(), led.found(), thread.enteredNs());
                    if (thread.call() instanceof Files.OnPath call) {
                        call.learned(machine, thread, led);
                    }
                }
            }
            default -> { }
        }
    }

    private static class Open extends Files.OnPath {
        private final int flags;

        /**
         * @param path which argument is the path, after the directory if that is not the first; or none
         * @param flags which argument are the flags, or none
         */
        Open(int path, int flags) {
            super(path == 1 ? 0 : NONE, path);
            this.flags = flags;
        }

        /** Somebody may have a lease of the file. */
        @Override
        public Question asksHolder(ThreadEntry thread, long sinceNs) {
            return new Question.OfFileLock(thread.tid, thread.process.tgid, sinceNs, LockSort.LEASE, -1);
        }

        int flags(ThreadEntry thread) {
            return flags == NONE ? FdTable.READ_WRITE : FdTable.flagsOfOpen((int) thread.args[flags]);
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result >= 0) {
                thread.process.fds.put((int) result, machine.opened(), flags(thread));
            }
        }

        @Override
        public String verb() {
            return "to open";
        }

        @Override
        public void ask(Machine machine, ThreadEntry thread, long nowNs) {
            askPath(machine, thread);
        }

        /** The path of an opening waker matters only to somebody who waits in open(2) for the other end of a FIFO. */
        @Override
        public void askAsWaker(Machine machine, ThreadEntry waker, ThreadEntry woken, long nowNs) {
            if (woken.call() instanceof Open) {
                ask(machine, waker, nowNs);
            }
        }

        /**
         * One that sleeps interruptibly waits for the other end of a FIFO, for who serves the file, or, of any other, for who has a lease
         * of it.
         */
        @Override
        public ObjectKind waitsFor(ThreadEntry thread) {
            KernelObject object = thread.worksOn();
            return object != null && object.kind() == ObjectKind.DISK ? ObjectKind.FILELOCK : super.waitsFor(thread);
        }
    }
}
