package ktrace.ptrace;

import ktrace.decode.Call;
import ktrace.linux.Abi;
import ktrace.linux.NativeNumbers;
import ktrace.linux.SyscallTable;
import ktrace.linux.tracing.ProcessMemory;
import ktrace.linux.tracing.Ptrace;
import ktrace.linux.uapi.Uapi;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * What each stop of a traced thread means, and how it goes on from there. Tracer's thread. A system call allocates nothing, unless its
 * text is wanted.
 */
final class Stops {
    private static final int CLONE = number("clone");
    private static final int CLONE3 = number("clone3");
    private static final int FORK = number("fork");
    private static final int VFORK = number("vfork");
    private static final int EXECVE = number("execve");
    private static final int EXECVEAT = number("execveat");
    private static final int PRCTL = number("prctl");
    private static final int RT_SIGRETURN = number("rt_sigreturn");
    /** What a call is reported as whose number the kernel forgets, as it does itself in raw_syscalls:sys_exit. */
    private static final int FORGOTTEN = -1;

    private final Ptrace ptrace;
    private final Int2ObjectHashMap<Tracee> tracees;
    private final EventWriter events;
    private final Births births;
    private final ProcFacts facts;
    private final Abi current = Abi.current();
    private final NativeNumbers numbers = new NativeNumbers();
    private final ProcessMemory memory = new ProcessMemory();
    private final CallerText text = new CallerText(memory);
    private final CarriedCalls carried = new CarriedCalls(memory);
    private final long[] arguments = new long[Call.ARGUMENTS];
    private final CallTexts texts;
    private final UntracedChildren untraced;
    /** A filter of seccomp chooses the calls that stop: of each the entry is an event, and only its exit is asked for. */
    private final boolean filtered;
    private boolean begun;

    Stops(Ptrace ptrace, Int2ObjectHashMap<Tracee> tracees, EventWriter events, ProcFacts facts, boolean follow, CallWish wish,
            boolean filtered) {
        this.ptrace = ptrace;
        this.tracees = tracees;
        this.events = events;
        this.facts = facts;
        this.filtered = filtered;
        texts = new CallTexts(wish, memory);
        untraced = new UntracedChildren(ptrace);
        births = new Births(tracees, events, facts, follow);
    }

    private static int number(String name) {
        return SyscallTable.current().find(name).orElse(Integer.MIN_VALUE);
    }

    /** Calls are reported from now on: whoever is attached is stopped once, so that it can be told to stop at calls. */
    void begin() {
        begun = true;
        for (Tracee tracee : tracees.values()) {
            if (!tracee.stopsAtCalls && !tracee.waitsForParent) {
                ptrace.interrupt(tracee.tid);
            }
        }
    }

    void handle(int tid, PtraceStop stop) {
        Tracee tracee = tracees.get(tid);
        if (tracee == null) {
            if (stop != PtraceStop.ENDED) {
                stranger(tid);
            }
            return;
        }
        if (tracee.unwanted && stop != PtraceStop.ENDED) {
            ptrace.detach(tid, stop instanceof PtraceStop.Delivery delivery ? delivery.signal() : 0);
            tracees.remove(tid);
            return;
        }
        switch (stop) {
            case PtraceStop.Syscall ignored -> {
                call(tracee);
                goOn(tracee, 0);
            }
            case PtraceStop.Delivery delivery -> {
                String text = begun ? texts.signal(tid, delivery.signal(), ptrace) : null;
                goOn(tracee, delivery.signal());
                signalled(tracee, delivery.signal(), text);
            }
            case PtraceStop.Group group -> {
                startCalls(tracee);
                signalled(tracee, 0, begun ? texts.stopped(group.signal()) : null);
                ptrace.listen(tid);
            }
            case PtraceStop.Trap ignored -> {
                startCalls(tracee);
                goOn(tracee, 0);
            }
            case PtraceStop.Event event -> event(tracee, event.event());
            case PtraceStop.Ended ignored -> {
                reportExit(tracee, null);
                tracees.remove(tid);
                settleStrangers();
            }
        }
    }

    private void signalled(Tracee tracee, int signal, String text) {
        if (text != null) {
            events.signalled(tracee, signal, text);
        }
    }

    /** ESRCH says that it was killed meanwhile: its end is reported by the next wait. */
    private void goOn(Tracee tracee, int signal) {
        if (tracee.stopsAtCalls && (!filtered || tracee.inCall)) {
            ptrace.untilSyscall(tracee.tid, signal);
        } else {
            ptrace.go(tracee.tid, signal);
        }
    }

    private void startCalls(Tracee tracee) {
        if (begun && !tracee.stopsAtCalls) {
            tracee.stopsAtCalls = true;
            // Past a filter no call can be seen that is made again: it may not be one of those asked for.
            tracee.restarts = !filtered && !tracee.newborn && ptrace.isAboutToRestart(tracee.tid);
            tracee.newborn = false;
            if (tracee.restarts) {
                tellInterrupted(tracee);
            }
        }
    }

    /** It has been in its call since before the trace; /proc may have told of it while it stood outside. */
    private void tellInterrupted(Tracee tracee) {
        ptrace.syscallInfo(tracee.tid);
        if (ptrace.arch() == current.auditArch()) {
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = ptrace.interruptedArgument(i);
            }
            events.found(tracee, (int) ptrace.interruptedNumber(), arguments);
        }
    }

    // -- system calls --------------------------------------------------------------------------------------------------------

    private void call(Tracee tracee) {
        int op = ptrace.syscallInfo(tracee.tid);
        if (op == Uapi.PTRACE_SYSCALL_INFO_ENTRY()) {
            enter(tracee);
        } else if (op == Uapi.PTRACE_SYSCALL_INFO_EXIT()) {
            leave(tracee);
        }
        // Anything else: it was killed while it stood here.
    }

    private void enter(Tracee tracee) {
        Abi abi = ptrace.arch() == current.auditArch() ? current : Abi.ofAuditArch(ptrace.arch()).orElse(null);
        boolean isCarried = abi == Abi.I386 && carried.unfold(tracee.tid, ptrace);
        int number = isCarried ? numbers.ofCarried(carried.name()) : numbers.of(abi, ptrace.number());
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = isCarried ? carried.argument(i) : ptrace.argument(i);
        }
        tracee.inCall = true;
        tracee.number = number;
        tracee.resultAt = isCarried ? carried.resultAt() : 0;
        long first = arguments[0];
        if (number == CLONE || number == CLONE3 || number == FORK || number == VFORK) {
            tracee.cloneFlags = number == CLONE ? first : number == CLONE3 ? text.word(tracee.tid, first)
                    : Uapi.SIGCHLD() | (number == VFORK ? Uapi.CLONE_VFORK() | Uapi.CLONE_VM() : 0);
        } else if (number == EXECVE) {
            tracee.execPath = text.path(tracee.tid, first);
        } else if (number == EXECVEAT) {
            tracee.execPath = text.path(tracee.tid, arguments[1]);
        }
        tracee.firstArgument = first;
        if (tracee.restarts) {
            // The call was entered before the trace began: it has been told of.
            tracee.restarts = false;
            tracee.callWanted = false;
            return;
        }
        events.entered(tracee, number, arguments, texts.entered(tracee, abi, (int) ptrace.number(), isCarried ? carried.name() : null,
                arguments, ptrace.stackPointer()));
    }

    private void leave(Tracee tracee) {
        int number = tracee.inCall ? tracee.number : FORGOTTEN;
        long result = ptrace.result();
        untraced.putBack(tracee, number == CLONE3);
        if (tracee.inCall && tracee.resultAt != 0 && result == 0) {
            result = carried.resultAt(tracee.tid, tracee.resultAt, result);
        }
        events.left(tracee, number == RT_SIGRETURN ? FORGOTTEN : number, result, tracee.inCall ? texts.left(tracee, result) : null);
        tracee.inCall = false;
        if (number == PRCTL && tracee.firstArgument == Uapi.PR_SET_NAME()) {
            rename(tracee);
        }
    }

    private void rename(Tracee tracee) {
        long comm0 = tracee.comm0;
        long comm1 = tracee.comm1;
        facts.readComm(tracee);
        if (comm0 != tracee.comm0 || comm1 != tracee.comm1) {
            events.renamed(tracee, comm0, comm1);
        }
    }

    // -- events --------------------------------------------------------------------------------------------------------------

    private void event(Tracee tracee, int event) {
        if (event == Uapi.PTRACE_EVENT_CLONE() || event == Uapi.PTRACE_EVENT_FORK() || event == Uapi.PTRACE_EVENT_VFORK()) {
            int tid = (int) ptrace.eventMessage(tracee.tid);
            if (tid > 0) {
                release(births.told(tracee, tid, event));
            }
        } else if (event == Uapi.PTRACE_EVENT_EXEC()) {
            tracee = execed(tracee);
        } else if (event == Uapi.PTRACE_EVENT_SECCOMP()) {
            startCalls(tracee);
            if (ptrace.syscallInfo(tracee.tid) == Uapi.PTRACE_SYSCALL_INFO_SECCOMP()) {
                enter(tracee);
                if (tracee.number == CLONE || tracee.number == CLONE3) {
                    untraced.trace(tracee, tracee.number == CLONE3);
                }
            }
        } else if (event == Uapi.PTRACE_EVENT_EXIT()) {
            long status = ptrace.eventMessage(tracee.tid);
            reportExit(tracee, status < 0 ? null : (Integer) (int) status);
            settleStrangers();
        }
        goOn(tracee, 0);
    }

    /** exec ends all other threads, and gives the caller the leader's number, whether or not the leader was there still. */
    private Tracee execed(Tracee tracee) {
        int before = (int) ptrace.eventMessage(tracee.tid);
        Tracee caller = before == tracee.tid ? tracee : tracees.remove(before);
        if (caller != null && caller != tracee) {
            Tracee leader = new Tracee(tracee.tid, tracee.tgid);
            leader.continueFrom(caller);
            if (!tracee.exitReported) {
                reportExit(tracee, null);
            }
            tracees.put(tracee.tid, leader);
            tracee = leader;
        }
        rename(tracee);
        String path = tracee.execPath != null ? tracee.execPath : facts.executable(tracee.tgid);
        tracee.execPath = null;
        events.execed(tracee, caller == null ? tracee.tid : before, path == null ? "" : path);
        return tracee;
    }

    private void reportExit(Tracee tracee, Integer waitStatus) {
        if (!tracee.exitReported) {
            tracee.exitReported = true;
            if (!tracee.waitsForParent) {
                events.exited(tracee, waitStatus);
            }
        }
    }

    // -- children ------------------------------------------------------------------------------------------------------------

    /** It stopped before its parent's event came: it waits for that, so that its birth is told before what it does. */
    private void stranger(int tid) {
        Tracee tracee = new Tracee(tid, Tracee.UNKNOWN);
        tracee.waitsForParent = true;
        tracee.newborn = true;
        tracees.put(tid, tracee);
        births.strangers++;
    }

    /** A parent that was killed never tells: whoever still waits is asked for at /proc. */
    private void settleStrangers() {
        if (births.strangers > 0) {
            for (Tracee tracee : tracees.values().stream().filter(child -> child.waitsForParent).toList()) {
                release(births.orphan(tracee));
            }
        }
    }

    private void release(Tracee standing) {
        if (standing == null) {
            return;
        }
        if (standing.unwanted) {
            ptrace.detach(standing.tid, 0);
            tracees.remove(standing.tid);
        } else {
            startCalls(standing);
            goOn(standing, 0);
        }
    }
}
