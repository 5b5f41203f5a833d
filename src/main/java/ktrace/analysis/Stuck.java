package ktrace.analysis;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessId;
import ktrace.event.Waker;

/**
 * Those of whom none can go on: each waits for something that only others of them can end, as far as it is known who could; or that
 * one who is none of them holds, or has to answer, and does nothing for.
 *
 * @param parties what each thread waits for, by process
 * @param ns for how long none of them has gone on
 * @param end whom they all wait for at last; null when they wait for one another
 */
public record Stuck(List<Party> parties, long ns, End end) {
    /** Those that wait for one another. */
    public Stuck(List<Party> parties, long ns) {
        this(parties, ns, null);
    }

    /** Of each of them it is known that another of them holds what it waits for. */
    public boolean isDeadlock() {
        return end == null && parties.stream().allMatch(party -> party.heldBy() != null);
    }

    /**
     * @param comm the name of the process; empty while that is not known
     * @param threadComm that of the thread; empty while that is not known
     * @param object name of what it waits for, unescaped; empty when that is not known
     * @param syscall the call that it waits in; null when it is in none
     * @param heldBy who holds what it waits for: a thread, or a process; null where nobody does, or that is not known
     * @param from where nobody does: the thread that alone is at the other end, and would have to act; null where that is not known
     */
    public record Party(ProcessId process, String comm, int tid, String threadComm, ObjectKind kind, String object, String syscall,
            Waker heldBy, Waker from) {
        /** One of which it is not known who alone is at the other end. */
        public Party(ProcessId process, String comm, int tid, String threadComm, ObjectKind kind, String object, String syscall,
                Waker heldBy) {
            this(process, comm, tid, threadComm, kind, object, syscall, heldBy, null);
        }

        /** One of which it is not known who holds what it waits for. */
        public Party(ProcessId process, String comm, int tid, ObjectKind kind, String object, String syscall) {
            this(process, comm, tid, "", kind, object, syscall, null);
        }

        /** Who would have to end its wait; null where that is not known. */
        public Waker actor() {
            return heldBy != null ? heldBy : from;
        }
    }

    /**
     * @param who it is: a thread, or a process
     * @param does what it does; {@link Cause#UNKNOWN} while it waits for something itself, and when that is not known
     * @param waits what it waits for then; else null
     */
    public record End(Waker who, Cause does, Party waits) {
    }
}
