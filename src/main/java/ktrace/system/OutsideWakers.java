package ktrace.system;

import ktrace.event.Comm;
import ktrace.event.Peer;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.system.objects.TrackedObject;
import ktrace.system.ready.CpuTable;

/**
 * Wakers that are not observed. Each is made once, and again when it is called differently or another has taken its place here:
 * however many threads come and go, no more are kept than there are places. Written by the tracker's thread.
 */
final class OutsideWakers {
    /** Power of two. */
    private static final int PLACES = 1024;

    private final ProcessTable processes;
    private final Lookups lookups;
    private final CpuTable cpus;
    private final FamilySet.CallTable calls;
    private final ThreadEntry[] callers = new ThreadEntry[PLACES];
    private final Waker[] wakers = new Waker[PLACES];
    private final long[] comms = new long[2 * PLACES];

    OutsideWakers(ProcessTable processes, Lookups lookups, CpuTable cpus, FamilySet.CallTable calls) {
        this.processes = processes;
        this.lookups = lookups;
        this.cpus = cpus;
        this.calls = calls;
    }

    /** Who made the event: named by what the scheduler calls it, else by /proc; null when that is not known yet. */
    Waker of(TraceEvent event) {
        int tgid = event.tgid;
        ProcessEntry process = tgid > 0 ? processes.get(tgid) : lookups.processOf(event.tid);
        if (process == null) {
            if (tgid <= 0) {
                return null;
            }
            String comm = tgid == event.tid ? cpus.comm(event.cpu, event.tid) : null;
            process = comm == null ? lookups.outsider(tgid) : processes.outsider(tgid, 0, comm);
        } else {
            processes.matters(process);
        }
        if (process.peer.comm().isEmpty()) {
            // Until it is known what the process is called, it is called as its thread.
            String comm = cpus.comm(event.cpu, event.tid);
            if (comm != null) {
                process.rename(comm);
            }
        }
        return get(event.tid, process.peer, cpus.comm0(event.cpu, event.tid), cpus.comm1(event.cpu, event.tid));
    }

    /**
     * Who made the event, as one at work on the file that came with it; null where none came, or it is nothing known here. Until
     * {@link #release} is called.
     */
    ThreadEntry inCall(TraceEvent event, Machine machine) {
        TrackedObject object = event.payload instanceof Waker.InCall call ? machine.ofInode(call.inode(), call.mode()) : null;
        Waker waker = object == null || event.tgid <= 0 ? null : of(event);
        ProcessEntry process = waker == null ? null : processes.get(event.tgid);
        if (process == null || !(event.payload instanceof Waker.InCall(int number, long arg0, long arg1, long _, int _))) {
            return null;
        }
        int place = event.tid & PLACES - 1;
        ThreadEntry caller = callers[place];
        if (caller == null || caller.tid != event.tid || caller.process != process) {
            caller = new ThreadEntry(event.tid, null, process);
            callers[place] = caller;
        }
        caller.enterSyscall(calls.of(number), number);
        caller.args[0] = arg0;
        caller.args[1] = arg1;
        if (caller.call().descriptor(caller) != (int) arg0) {
            // It is no descriptor, for all that it may be the number of one.
            release(caller);
            return null;
        }
        caller.object = object;
        return caller;
    }

    /** The event is over. */
    static void release(ThreadEntry caller) {
        caller.leaveSyscall();
    }

    /** @param comm0 first half of the thread's own name, 0 when that is not known; see {@link Comm} */
    private Waker get(int tid, Peer process, long comm0, long comm1) {
        int place = tid & PLACES - 1;
        Waker known = wakers[place];
        boolean isIt = known != null && known.tid() == tid && known.process() == process;
        if (isIt && (comm0 == 0 || comms[2 * place] == comm0 && comms[2 * place + 1] == comm1)) {
            return known;
        }
        comms[2 * place] = comm0;
        comms[2 * place + 1] = comm1;
        String name = comm0 != 0 ? Comm.text(comm0, comm1) : tid == process.pid() ? process.comm() : "";
        return wakers[place] = new Waker(null, tid, name, process);
    }
}
