package ktrace.system;

import java.util.IdentityHashMap;
import java.util.Map;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import ktrace.linux.PrevState;
import ktrace.linux.SyscallTable;
import ktrace.system.family.Families;
import ktrace.system.objects.ObjectTable;

/** Writes into events made by hand what the tracker says of calls: which returns, and what a thread waits for. */
public final class StampedCalls {
    private static final FamilySet.CallTable CALLS = new FamilySet.CallTable(Families.ALL, SyscallTable.of(Abi.X86_64)::find);
    private final CallPairing pairing = new CallPairing(new TraceCounters());
    private final Map<ThreadId, ThreadEntry> threads = new IdentityHashMap<>();
    private final ProcessEntry process = new ProcessEntry(1, 0, "", new ObjectTable(Families.ALL.numbered()));
    private boolean noScheduler;

    /** The events must come in their order. What a call works on stands in them already, and who is at its other end. */
    public void stamp(TraceEvent event) {
        switch (event.type) {
            case START -> noScheduler = event.number == 1;
            case SYS_ENTER -> enter(entry(event.thread), event);
            case SYS_EXIT -> {
                ThreadEntry thread = entry(event.thread);
                if (thread.number() == event.number) {
                    thread.returns(event.result);
                }
                pairing.exits(thread, event);
                thread.leaveSyscall();
            }
            case SCHED_SWITCH -> {
                if (event.thread != null && (event.number & PrevState.NOT_RUNNABLE) != 0) {
                    ThreadEntry thread = entry(event.thread);
                    if (event.object != null) {
                        worksOn(thread, event);
                    }
                    CallPairing.waits(thread, event.number, Families.ALL.halt(thread, event.number, ""), event);
                }
            }
            case TASK_NEWTASK -> {
                if (event.thread != null) {
                    entry(event.thread).born = true;
                }
                if (event.otherThread != null && (event.number & 0x4000) != 0) {
                    ThreadEntry parent = entry(event.otherThread);
                    parent.vfork = true;
                    if (noScheduler) {
                        CallPairing.waitsInCall(parent, event);
                    }
                }
            }
            case SCHED_PROCESS_EXEC -> {
                ThreadEntry thread = entry(event.thread);
                if (event.otherThread != null) {
                    thread.continueFrom(entry(event.otherThread));
                }
                pairing.execs(thread, event, false);
            }
            case THREAD_STATE -> {
                if (event.payload instanceof ThreadSnapshot snapshot && entry(event.thread).place == CallPairing.Place.UNKNOWN) {
                    found(entry(event.thread), snapshot, event);
                }
            }
            case EVENTS_LOST -> threads.values().forEach(pairing::doubt);
            default -> { }
        }
    }

    private ThreadEntry entry(ThreadId thread) {
        return threads.computeIfAbsent(thread, id -> new ThreadEntry(id.tid(), id, process));
    }

    private void enter(ThreadEntry thread, TraceEvent event) {
        pairing.enters(thread, event);
        if (CALLS.isRestart(event.number)) {
            thread.restartSyscall((int) event.number);
        } else {
            thread.enterSyscall(CALLS.of(event.number), (int) event.number);
            thread.args[0] = event.arg0;
            thread.args[1] = event.arg1;
        }
        worksOn(thread, event);
        event.onDescriptor = thread.call().isOnDescriptor();
        if (noScheduler) {
            CallPairing.waitsInCall(thread, event);
        }
    }

    private static void worksOn(ThreadEntry thread, TraceEvent event) {
        thread.stamped = event.object;
        thread.stampedPeers = event.peers;
    }

    private void found(ThreadEntry thread, ThreadSnapshot snapshot, TraceEvent event) {
        if (snapshot.syscall() >= 0) {
            thread.enterSyscall(CALLS.of(snapshot.syscall()), snapshot.syscall());
            System.arraycopy(snapshot.args(), 0, thread.args, 0, snapshot.args().length);
            thread.vfork = true;
            worksOn(thread, event);
            pairing.foundInside(thread, event);
        } else if (snapshot.syscall() != ThreadSnapshot.SYSCALL_UNKNOWN) {
            thread.place = CallPairing.Place.OUTSIDE;
        }
        long prevState = PrevState.ofLetter(snapshot.state());
        if (noScheduler) {
            CallPairing.waitsInCall(thread, event);
        } else if (prevState != 0) {
            CallPairing.waits(thread, prevState, Families.ALL.halt(thread, prevState, ""), event);
        }
    }
}
