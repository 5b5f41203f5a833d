package ktrace.view;

import java.util.List;
import java.util.stream.Stream;
import ktrace.analysis.Summary;
import ktrace.analysis.SyscallSummary;

/** A summary as it is shown: what is many of a kind is joined. */
record Content(Summary summary, List<ProcessRow> processes, List<WaitRow> waits) {
    /** A system call with the process that made it. */
    record ProcessSyscall(ProcessRow process, SyscallSummary syscall) {
    }

    static Content of(Summary summary) {
        List<ProcessRow> processes = ProcessRow.of(summary);
        return new Content(summary, processes, WaitRow.of(processes));
    }

    Stream<ProcessSyscall> syscalls() {
        return processes.stream().flatMap(p -> p.summary().syscalls().stream().map(s -> new ProcessSyscall(p, s)));
    }

    int syscallCount() {
        return processes.stream().mapToInt(p -> p.summary().syscalls().size()).sum();
    }

    boolean hasThreads() {
        return processes.stream().anyMatch(p -> p.summary().threads().size() > 1);
    }
}
