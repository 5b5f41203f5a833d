package ktrace.system.family;

import java.util.List;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.system.Family;
import ktrace.system.objects.FdTable;
import ktrace.system.objects.Holding;
import ktrace.system.Machine;
import ktrace.system.objects.Objects;
import ktrace.system.PeerLists;
import ktrace.system.ProcessEntry;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;
import ktrace.system.objects.TrackedObject;
import ktrace.system.WakeUp;
import ktrace.system.objects.Way;

/** pipe(7): pipes and FIFOs. Readers wait for writers, writers for readers, and both for the last of the others to go. */
final class Pipes implements Family {
    @Override
    public List<ObjectKind> kinds() {
        return List.of(ObjectKind.PIPE, ObjectKind.FIFO);
    }

    @Override
    public void calls(Calls calls) {
        calls.add("pipe", new MakePipe(false));
        calls.add("pipe2", new MakePipe(true));
    }

    @Override
    public boolean fillsUp(ObjectKind kind) {
        return true;
    }

    @Override
    public List<Peer> peers(Machine machine, TrackedObject pipe, ProcessEntry process, Way way) {
        return PeerLists.otherWay(pipe, process, way);
    }

    @Override
    public boolean isOtherEndKnown(TrackedObject pipe) {
        return pipe.isHeldAtBothEnds();
    }

    /** A pipe has a path in /dev/fd. */
    @Override
    public boolean isOpened(KernelObject pipe) {
        return true;
    }

    @Override
    public boolean isLetGo(ThreadEntry waker, TrackedObject pipe) {
        return pipe.isLastHolder(waker.process.fds);
    }

    @Override
    public boolean isBetweenThreads(TrackedObject pipe) {
        return true;
    }

    /** A call on a pipe wakes, in its own context, only who waits at the same pipe. */
    @Override
    public boolean canOnlyBe(WakeUp wakeUp, TrackedObject pipe) {
        TrackedObject used = wakeUp.used();
        return pipe.kind() == ObjectKind.PIPE && used != null && used.kind() == ObjectKind.PIPE
                && !(pipe.isSure() && used.isSure());
    }

    @Override
    public boolean canAwait(Holding holding, Way way) {
        return switch (way) {
            case WRITE -> holding.readers > 0;
            case READ -> holding.writers > 0;
            case BOTH -> true;
        };
    }

    /**
     * The kernel writes the two numbers into the program's memory, where perf does not see them. What the pipe is called is not
     * asked here: a shell gives the same numbers to the next pipe within a millisecond. It is asked of whoever uses the pipe, who
     * holds it longer.
     */
    private static final class MakePipe extends SystemCall {
        private final boolean hasFlags;

        MakePipe(boolean hasFlags) {
            this.hasFlags = hasFlags;
        }

        @Override
        public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
            if (result < 0 || !machine.knowsNewNumbers(thread.process, nowNs)) {
                return;
            }
            FdTable fds = thread.process.fds;
            int closeOnExec = hasFlags ? FdTable.closeOnExec(thread.args[1]) : 0;
            TrackedObject pipe = Objects.placeholder(ObjectKind.PIPE);
            pipe.inferred = true;
            int readEnd = fds.lowestFree(0);
            fds.put(readEnd, pipe, FdTable.READ | closeOnExec);
            int writeEnd = fds.lowestFree(readEnd + 1);
            fds.put(writeEnd, pipe, FdTable.WRITE | closeOnExec);
        }
    }
}
