package ktrace.story;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;

/**
 * What one sentence tells: waits of one process for one object and one waker, or for many alike that would each be a line and
 * together are the story: a server's connections, the short-lived children that feed a pipe.
 *
 * @param what the waits; several objects are named by their number; of several waits it is the sum: {@code maxNs} is exact,
 *     {@code p99Ns} an upper bound, {@code p50Ns} not known
 * @param objects how many different objects are in {@code what}
 * @param wakers how many different wakers are in {@code what}
 * @param isJoined whether {@code what} is of several
 */
public record WaitRow(ProcessRow process, WaitSummary what, int objects, int wakers, boolean isJoined) {
    /** Fewer stay apart. */
    private static final int MIN_ALIKE = 4;
    /** An object with this share of the process's time is worth a line, in percent. */
    private static final int OWN_LINE_PERCENT = 10;

    private record SameObject(ObjectKind kind, String object, String syscall, String wakerComm, Evidence evidence) {
    }

    private record SameSort(ObjectKind kind, String syscall, String wakerComm, Evidence evidence) {
    }

    private record SameWaker(ObjectKind kind, String syscall, int wakerPid, Evidence evidence) {
    }

    /** Of all processes, longest first; those that merely sit and wait come last. */
    static List<WaitRow> of(List<ProcessRow> processes) {
        List<WaitRow> rows = new ArrayList<>();
        for (ProcessRow process : processes) {
            List<WaitRow> own = new ArrayList<>();
            for (WaitSummary wait : process.summary().waits()) {
                if (wait.totalNs() > 0 || wait.count() > 0) {
                    own.add(new WaitRow(process, wait, 1, 1, false));
                }
            }
            own = joined(own, r -> new SameObject(r.what.kind(), r.what.object(), r.what.syscall(), r.wakerComm(),
                    r.what.evidence()));
            own = joined(own, r -> r.isJoined || r.isLarge() ? r
                    : new SameWaker(r.what.kind(), r.what.syscall(), r.wakerPid(), r.what.evidence()));
            rows.addAll(joined(own, r -> r.isJoined || r.isLarge() ? r
                    : new SameSort(r.what.kind(), r.what.syscall(), r.wakerComm(), r.what.evidence())));
        }
        rows.sort(Comparator.comparing(WaitRow::isIdle).thenComparing(r -> r.what.totalNs(), Comparator.reverseOrder())
                .thenComparingInt(r -> r.process.summary().pid()));
        return rows;
    }

    private String wakerComm() {
        return what.waker() == null ? null : what.waker().comm();
    }

    /** 0 where there is none: no process has that number. */
    private int wakerPid() {
        return what.waker() == null ? 0 : what.waker().pid();
    }

    /** Sat and waited all the time, as idle servers and kernel threads do: not where time is lost, but a disk that is stuck is. */
    private boolean isIdle() {
        return what.count() == 0 && what.kind() != ObjectKind.DISK;
    }

    private boolean isLarge() {
        return what.totalNs() * 100 >= process.summary().states().totalNs() * OWN_LINE_PERCENT;
    }

    private static List<WaitRow> joined(List<WaitRow> rows, Function<WaitRow, Object> key) {
        List<WaitRow> result = new ArrayList<>();
        Map<Object, List<WaitRow>> alike = new LinkedHashMap<>();
        for (WaitRow row : rows) {
            alike.computeIfAbsent(key.apply(row), k -> new ArrayList<>()).add(row);
        }
        for (List<WaitRow> group : alike.values()) {
            if (group.size() < MIN_ALIKE) {
                result.addAll(group);
            } else {
                result.add(join(group));
            }
        }
        return result;
    }

    private static WaitRow join(Collection<WaitRow> group) {
        WaitRow longest = group.stream().max(Comparator.comparingLong(r -> r.what.totalNs())).orElseThrow();
        Set<String> objects = new HashSet<>();
        Set<Integer> wakers = new HashSet<>();
        long count = 0;
        long totalNs = 0;
        long p99Ns = 0;
        long maxNs = 0;
        boolean ongoing = false;
        for (WaitRow row : group) {
            objects.add(row.what.object());
            wakers.add(row.wakerPid());
            count += row.what.count();
            totalNs += row.what.totalNs();
            p99Ns = Math.max(p99Ns, row.what.p99Ns());
            maxNs = Math.max(maxNs, row.what.maxNs());
            ongoing |= row.what.ongoing();
        }
        WaitSummary w = longest.what;
        String object = objects.size() == 1 ? w.object() : WaitPhrase.many(objects.size(), w.kind());
        return new WaitRow(longest.process, new WaitSummary(w.kind(), object, w.syscall(), w.waker(), w.peers(), w.evidence(),
                count, totalNs, 0, p99Ns, maxNs, ongoing, List.of()), objects.size(), wakers.size(), true);
    }
}
