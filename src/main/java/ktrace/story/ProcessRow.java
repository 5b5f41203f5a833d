package ktrace.story;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.StateTimes;
import ktrace.analysis.Summary;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.SyscallSummary.Bucket;
import ktrace.analysis.WaitSummary;

/**
 * What is shown as one process: a process, or many that had the same name and have come and gone, as the children of a shell's
 * loop or of a build. One by one they would fill every list and say nothing.
 *
 * @param summary of several, the sums; percentiles of their system calls are upper bounds, 0 for the median
 * @param members how many
 * @param isBound whether percentiles are upper bounds, since they were joined here
 */
public record ProcessRow(ProcessSummary summary, int members, boolean isBound) {
    /** Fewer stay apart: the parts of a shell pipeline may well have one name. */
    private static final int MIN_ALIKE = 8;

    /** What the analysis says of those that it has joined itself, to bound memory; their number is 0. */
    private static final Pattern ENDED = Pattern.compile("\\((\\d{1,9}) processes that have ended\\)");

    static List<ProcessRow> of(Summary summary) {
        List<ProcessRow> rows = new ArrayList<>();
        Map<String, List<ProcessSummary>> gone = new LinkedHashMap<>();
        for (ProcessSummary process : summary.processes()) {
            if (process.exitNs() == null) {
                rows.add(new ProcessRow(process, 1, false));
            } else {
                gone.computeIfAbsent(process.comm(), k -> new ArrayList<>()).add(process);
            }
        }
        for (List<ProcessSummary> alike : gone.values()) {
            int members = alike.stream().mapToInt(ProcessRow::membersOf).sum();
            if (members < MIN_ALIKE || alike.size() == 1) {
                alike.forEach(process -> rows.add(new ProcessRow(process, membersOf(process), false)));
            } else {
                rows.add(new ProcessRow(join(alike), members, true));
            }
        }
        rows.sort(Comparator.comparingInt(row -> row.summary.pid()));
        return rows;
    }

    private static int membersOf(ProcessSummary process) {
        Matcher ended = ENDED.matcher(process.pid() != 0 || process.cmdline() == null ? "" : process.cmdline());
        return ended.matches() ? Integer.parseInt(ended.group(1)) : 1;
    }

    /** kthreadd, or one that it has made. */
    boolean isKernels() {
        return summary.isKernels();
    }

    public boolean isJoined() {
        return members > 1;
    }

    private static ProcessSummary join(List<ProcessSummary> alike) {
        StateTimes states = StateTimes.NONE;
        List<WaitSummary> waits = new ArrayList<>();
        Map<String, SyscallSummary> syscalls = new LinkedHashMap<>();
        for (ProcessSummary process : alike) {
            states = states.plus(process.states());
            waits.addAll(process.waits());
            process.syscalls().forEach(s -> syscalls.merge(s.name(), s, ProcessRow::join));
        }
        ProcessSummary first = alike.getFirst();
        return new ProcessSummary(first.pid(), first.ppid(), first.comm(), first.cmdline(), first.startNs(), first.exitNs(),
                alike.stream().allMatch(ProcessSummary::statesOnly), List.of(), states, List.copyOf(syscalls.values()), waits);
    }

    private static SyscallSummary join(SyscallSummary a, SyscallSummary b) {
        Map<String, Long> errnos = new TreeMap<>(a.errnos());
        b.errnos().forEach((name, count) -> errnos.merge(name, count, Long::sum));
        Map<Long, Long> buckets = new TreeMap<>();
        a.histogram().forEach(bucket -> buckets.merge(bucket.fromNs(), bucket.calls(), Long::sum));
        b.histogram().forEach(bucket -> buckets.merge(bucket.fromNs(), bucket.calls(), Long::sum));
        return new SyscallSummary(a.name(), a.number(), a.calls() + b.calls(), a.errors() + b.errors(), a.totalNs() + b.totalNs(),
                Math.min(a.minNs(), b.minNs()), Math.max(a.maxNs(), b.maxNs()), 0, Math.max(a.p95Ns(), b.p95Ns()),
                Math.max(a.p99Ns(), b.p99Ns()), errnos,
                buckets.entrySet().stream().map(e -> new Bucket(e.getKey(), e.getValue())).toList());
    }
}
