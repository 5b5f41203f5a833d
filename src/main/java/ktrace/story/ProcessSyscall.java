package ktrace.story;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import ktrace.analysis.SyscallSummary;

/** A system call with the process that made it. */
public record ProcessSyscall(ProcessRow process, SyscallSummary syscall) {
    private static final int MAX_ERRNOS = 3;

    /** Not known of processes that were joined here. */
    public Telling median(Alphabet alphabet) {
        return process.isBound() ? Telling.of(alphabet.none(), Tone.FAINT)
                : Telling.of(alphabet.units().time(syscall.p50Ns()));
    }

    public Telling p95(Alphabet alphabet) {
        return percentile(syscall.p95Ns(), alphabet);
    }

    public Telling p99(Alphabet alphabet) {
        return percentile(syscall.p99Ns(), alphabet);
    }

    /** Of joined processes only an upper bound is known. */
    private Telling percentile(long timeNs, Alphabet alphabet) {
        return Telling.of((process.isBound() ? alphabet.atMost() : "") + alphabet.units().time(timeNs));
    }

    /** {@code 120 errors: 110 EAGAIN, 10 ETIMEDOUT}. */
    public String errors() {
        return Units.count(syscall.errors(), "error", "errors") + ": " + errorNames();
    }

    /** {@code 110 EAGAIN, 10 ETIMEDOUT}: the most frequent, and how many more there are. */
    public String errorNames() {
        List<Map.Entry<String, Long>> sorted = syscall.errnos().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        StringBuilder names = new StringBuilder();
        for (Map.Entry<String, Long> errno : Fold.head(sorted, MAX_ERRNOS)) {
            names.append(names.isEmpty() ? "" : ", ").append(Units.count(errno.getValue())).append(' ').append(errno.getKey());
        }
        int more = sorted.size() - Fold.head(sorted, MAX_ERRNOS).size();
        return more == 0 ? names.toString() : names + " +" + more;
    }
}
