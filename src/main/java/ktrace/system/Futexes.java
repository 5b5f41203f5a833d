package ktrace.system;

import ktrace.event.Fact;
import ktrace.event.KernelObject;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.system.ObjectTable.SharedAddress;
import ktrace.system.SyscallRoles.Call;

/**
 * Finds the futex that an address means (futex(2)): a private one is known by process and address, a shared one by the place in the
 * file that the address is mapped to, which a second process may map elsewhere.
 *
 * <p>Used on the tracker's thread; allocates for futexes never seen before.
 */
final class Futexes {
    private static final int COMMAND_MASK = 0x7f;
    private static final int PRIVATE_FLAG = 0x80;
    private static final int WAIT = 0;
    private static final int WAKE = 1;
    private static final int REQUEUE = 3;
    private static final int CMP_REQUEUE = 4;
    private static final int WAKE_OP = 5;
    private static final int LOCK_PI = 6;
    private static final int UNLOCK_PI = 7;
    private static final int WAIT_BITSET = 9;
    private static final int WAKE_BITSET = 10;
    private static final int WAIT_REQUEUE_PI = 11;
    private static final int CMP_REQUEUE_PI = 12;
    private static final int LOCK_PI2 = 13;

    private final SyscallRoles roles;
    private final ProcessTable processes;
    private final ObjectTable objects;
    private final Lookups lookups;

    Futexes(SyscallRoles roles, ProcessTable processes, ObjectTable objects, Lookups lookups) {
        this.roles = roles;
        this.processes = processes;
        this.objects = objects;
        this.lookups = lookups;
    }

    /** futex(2): the word, and the second word of the commands that have one. */
    void find(ThreadEntry thread) {
        long[] args = thread.args;
        int command = (int) args[1] & COMMAND_MASK;
        // A bare FUTEX_WAIT may be pthread_join's: a shared operation on memory that is not.
        boolean isPrivate = (args[1] & PRIVATE_FLAG) != 0;
        thread.object = futex(thread.process, args[0], isPrivate);
        thread.secondObject = switch (command) {
            case REQUEUE, CMP_REQUEUE, WAKE_OP, WAIT_REQUEUE_PI, CMP_REQUEUE_PI ->
                    futex(thread.process, args[4], isPrivate);
            default -> null;
        };
    }

    /** futex_wait and futex_wake of 6.7: (address, value or mask, mask or count, flags). */
    void find2(ThreadEntry thread) {
        thread.object = futex(thread.process, thread.args[0], (thread.args[3] & PRIVATE_FLAG) != 0);
    }

    /** Whether the call in flight waits until somebody else calls. */
    boolean waits(ThreadEntry thread) {
        return switch ((int) thread.args[1] & COMMAND_MASK) {
            case WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2 -> true;
            default -> false;
        };
    }

    /** Whether the call in flight lets others on. */
    boolean wakes(ThreadEntry thread) {
        if (thread.role.target() == SyscallRole.Target.FUTEX2) {
            return !roles.is(thread.number, Call.FUTEX_WAIT);
        }
        return switch ((int) thread.args[1] & COMMAND_MASK) {
            case WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, UNLOCK_PI, WAKE_BITSET, CMP_REQUEUE_PI -> true;
            default -> false;
        };
    }

    /** Some waiters of the first word wait for the second now. */
    void requeue(ThreadEntry thread) {
        int command = (int) thread.args[1] & COMMAND_MASK;
        if ((command == REQUEUE || command == CMP_REQUEUE || command == CMP_REQUEUE_PI)
                && thread.object != null && thread.secondObject != null) {
            thread.object.canonical().requeuedTo = thread.secondObject.canonical();
        }
    }

    /** Whether the thread waits for the end of another one, as pthread_join does: the kernel wakes it at CLONE_CHILD_CLEARTID. */
    boolean joins(ThreadEntry waiter, int tid) {
        return !roles.is(waiter.number, Call.FUTEX_WAIT) && (int) waiter.args[2] == tid;
    }

    private TrackedObject futex(ProcessEntry process, long address, boolean isPrivate) {
        return isPrivate ? privateFutex(process, address) : sharedFutex(process, address);
    }

    private TrackedObject privateFutex(ProcessEntry process, long address) {
        TrackedObject known = process.futex(address);
        if (known == null) {
            known = new TrackedObject(new KernelObject(ObjectKind.FUTEX, "futex 0x" + Long.toHexString(address), address), true);
            process.putFutex(address, known);
        }
        return known;
    }

    /** Asks for what the word of the call in flight lies in, if that is not known. */
    void askNow(ThreadEntry thread) {
        boolean isPrivate = (thread.args[thread.role.target() == SyscallRole.Target.FUTEX2 ? 3 : 1] & PRIVATE_FLAG) != 0;
        if (!isPrivate && thread.process.mapping(thread.args[0]) == null) {
            lookups.askNow(thread.process, thread.args[0]);
        }
    }

    /** The kernel told what is mapped where a word lies: whoever waits there already does so at the word that it turns out to be. */
    void answered(Fact.OfAddress fact) {
        ProcessEntry process = processes.get(fact.tgid());
        if (process == null) {
            return;
        }
        process.putMapping(fact.found());
        TrackedObject before = process.futex(fact.address());
        if (before != null && fact.found().shared() && fact.found().inode() != 0) {
            process.forgetFutex(fact.address());
            TrackedObject known = sharedFutex(process, fact.address());
            before.object.identify(known.object);
            before.becomes(known);
        }
    }

    /** A short-lived child is gone when it is asked about; what its parent maps shared is at the same place in it. */
    private MappingSnapshot inherited(ProcessEntry process, long address) {
        ProcessEntry parent = process.execed ? null : processes.get(process.ppid);
        MappingSnapshot mapping = parent == null ? null : parent.mapping(address);
        return mapping != null && mapping.shared() ? mapping : null;
    }

    private TrackedObject sharedFutex(ProcessEntry process, long address) {
        TrackedObject known = process.sharedFutex(address);
        if (known != null) {
            return known;
        }
        MappingSnapshot mapping = process.mapping(address);
        if (mapping == null) {
            mapping = inherited(process, address);
            if (mapping == null) {
                // Until the answer comes it is as good as private.
                lookups.mapping(process, address);
                return privateFutex(process, address);
            }
            process.putMapping(mapping);
        }
        if (!mapping.shared() || mapping.inode() == 0) {
            return privateFutex(process, address);
        }
        long offsetBytes = mapping.offsetBytes() + address - mapping.startAddress();
        SharedAddress at = new SharedAddress(mapping.device(), mapping.inode(), offsetBytes);
        known = objects.sharedFutex(at);
        if (known == null) {
            String name = "futex " + mapping.path() + "+0x" + Long.toHexString(offsetBytes) + " (shared)";
            known = new TrackedObject(new KernelObject(ObjectKind.FUTEX, name, at.hashCode()), true);
            objects.putSharedFutex(at, known);
        }
        process.putSharedFutex(address, known);
        return known;
    }
}
