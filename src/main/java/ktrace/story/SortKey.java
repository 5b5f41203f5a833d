package ktrace.story;

import java.util.Comparator;
import java.util.Locale;
import java.util.function.ToLongFunction;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.WaitSummary;

/** What comes first in the summary. */
public enum SortKey {
    /** Time running, ready to run, or blocked in waits that came to an end: what merely sits and waits comes last. */
    TIME(SortKey::activeNs, SyscallSummary::totalNs),
    /** Time blocked for others and for disks, in waits without an end too. */
    WAIT(p -> p.states().ipcNs() + p.states().diskNs(), SyscallSummary::totalNs),
    CPU(p -> p.states().runningNs(), SyscallSummary::totalNs),
    RUNQ(p -> p.states().runnableNs(), SyscallSummary::totalNs),
    DISK(p -> p.states().diskNs(), SyscallSummary::totalNs),
    CALLS(p -> p.syscalls().stream().mapToLong(SyscallSummary::calls).sum(), SyscallSummary::calls),
    ERRORS(p -> p.syscalls().stream().mapToLong(SyscallSummary::errors).sum(), SyscallSummary::errors),
    PID(null, null),
    NAME(null, null);

    private final ToLongFunction<ProcessSummary> ofProcess;
    private final ToLongFunction<SyscallSummary> ofSyscall;

    SortKey(ToLongFunction<ProcessSummary> ofProcess, ToLongFunction<SyscallSummary> ofSyscall) {
        this.ofProcess = ofProcess;
        this.ofSyscall = ofSyscall;
    }

    private static long activeNs(ProcessSummary process) {
        long endedNs = process.waits().stream().filter(w -> w.count() > 0 && w.kind().ipc())
                .mapToLong(WaitSummary::totalNs).sum();
        return process.states().runningNs() + process.states().runnableNs() + process.states().diskNs() + endedNs;
    }

    /** Processes in the order of this key; those that are equal by their number. */
    Comparator<ProcessRow> processes() {
        Comparator<ProcessSummary> order = switch (this) {
            case PID -> Comparator.comparingInt(ProcessSummary::pid);
            case NAME -> Comparator.comparing(ProcessSummary::comm).thenComparingInt(ProcessSummary::pid);
            default -> Comparator.comparingLong(ofProcess).reversed().thenComparingInt(ProcessSummary::pid);
        };
        return Comparator.comparing(ProcessRow::summary, order);
    }

    /** System calls of several processes in the order of this key. */
    Comparator<ProcessSyscall> syscalls() {
        Comparator<ProcessSyscall> longest = Comparator
                .comparingLong((ProcessSyscall s) -> s.syscall().totalNs()).reversed()
                .thenComparingInt(s -> s.process().summary().pid()).thenComparing(s -> s.syscall().name());
        return switch (this) {
            case PID -> Comparator.comparingInt((ProcessSyscall s) -> s.process().summary().pid()).thenComparing(longest);
            case NAME -> Comparator.comparing((ProcessSyscall s) -> s.process().summary().comm()).thenComparing(longest);
            default -> Comparator.comparingLong((ProcessSyscall s) -> ofSyscall.applyAsLong(s.syscall())).reversed()
                    .thenComparing(longest);
        };
    }

    /** The key behind this one, and behind the last the first. */
    public SortKey next() {
        return values()[(ordinal() + 1) % values().length];
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
