package ktrace.story;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import ktrace.analysis.Interrupts;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Waker;
import ktrace.system.family.Families;

/** The waits of one process as rows: first all of them, then what is many of a kind joined. */
final class WaitRows {
    /** Fewer stay apart. */
    private static final int MIN_ALIKE = 4;
    /** Fewer threads are named one by one. */
    private static final int MIN_THREADS = 8;

    private final ProcessRow process;
    private final Map<Integer, Long> threadNs = new HashMap<>();

    private WaitRows(ProcessRow process) {
        this.process = process;
        for (ThreadSummary thread : process.summary().threads()) {
            threadNs.merge(thread.tid(), thread.states().totalNs(), Long::sum);
        }
    }

    /** Of all processes, longest first; those nobody has asked for behind these, and those that merely sit and wait last. */
    static List<WaitRow> of(List<ProcessRow> processes) {
        List<WaitRow> rows = new ArrayList<>();
        processes.forEach(process -> rows.addAll(new WaitRows(process).rows()));
        rows.sort(Comparator.comparing(WaitRow::isIdle).thenComparing(r -> r.process().summary().statesOnly())
                .thenComparing(r -> r.what().totalNs(), Comparator.reverseOrder())
                .thenComparingInt(r -> r.process().summary().pid()));
        return rows;
    }

    private List<WaitRow> rows() {
        List<WaitRow> rows = new ArrayList<>();
        for (WaitSummary wait : process.summary().waits()) {
            if (isWithinProcess(wait)) {
                for (ThreadWaits part : wait.threads()) {
                    add(rows, part.tid() == 0 ? Set.of() : Set.of(part.tid()), ofThread(wait, part));
                }
            } else {
                add(rows, Set.of(), wait);
            }
        }
        rows = joined(rows, WaitRows::areMany, SameObject::new);
        rows = joined(rows, WaitRows::areMany, r -> r.isJoined() || r.isLarge() ? null : new SameWaker(r));
        rows = joined(rows, WaitRows::areMany, r -> r.isJoined() || r.isLarge() ? null : new SameSort(r));
        rows = joined(rows, WaitRows::areSeveral, r -> r.isJoined() || r.listeningEnd() == null ? null : new SameSort(r));
        rows = joined(rows, WaitRows::haveManyWaiters, r -> r.isOfThreads() ? new ManyForOne(r, r.what().object()) : null);
        rows = joined(rows, WaitRows::haveManyWaiters, r -> r.isOfThreads() ? new ManyForOne(r, "") : null);
        return joined(rows, WaitRows::areMany, r -> r.isOfThreads() && !r.isLarge() ? new OneAnother(r) : null);
    }

    /** Many that the analysis or this story has joined tell no threads. */
    private boolean isWithinProcess(WaitSummary wait) {
        return wait.waker() != null && !process.isJoined() && wait.waker().pid() == process.summary().pid()
                && !wait.threads().isEmpty();
    }

    private static WaitSummary ofThread(WaitSummary w, ThreadWaits part) {
        return new WaitSummary(w.kind(), w.object(), w.syscall(), part.waker(), w.peers(), w.evidence(), part.count(),
                part.totalNs(), part.p50Ns(), part.p99Ns(), part.maxNs(), part.ongoing(), List.of(part),
                part.because());
    }

    private void add(List<WaitRow> rows, Set<Integer> waiters, WaitSummary wait) {
        if (wait.totalNs() > 0 || wait.count() > 0) {
            Waker waker = wait.waker();
            boolean byThread = waker != null && !waiters.isEmpty();
            int number = waker == null ? 0 : byThread ? waker.tid() : waker.pid();
            String name = number == 0 ? null : byThread ? waker.threadComm() : waker.comm();
            rows.add(new WaitRow(process, wait, observedNs(waiters), waiters, Set.of(Objects.requireNonNullElse(wait.object(), "")), Set.of(number), name, false));
        }
    }

    /** Of a thread that the summary does not tell of, the time of its process. */
    private long observedNs(Set<Integer> waiters) {
        return waiters.isEmpty() || !threadNs.keySet().containsAll(waiters) ? process.summary().states().totalNs()
                : waiters.stream().mapToLong(threadNs::get).sum();
    }

    private record SameObject(Set<Integer> waiters, ObjectKind kind, String object, String syscall, String wakerName,
            Evidence evidence) {
        SameObject(WaitRow r) {
            this(r.waiters(), r.what().kind(), r.what().object(), r.what().syscall(), r.wakerName(), r.what().evidence());
        }
    }

    private record SameWaker(Set<Integer> waiters, ObjectKind kind, String listeningEnd, String syscall, Set<Integer> wakers,
            Evidence evidence) {
        SameWaker(WaitRow r) {
            this(r.waiters(), r.what().kind(), r.listeningEnd(), r.what().syscall(), r.wakers(), r.what().evidence());
        }
    }

    private record SameSort(Set<Integer> waiters, ObjectKind kind, String listeningEnd, String syscall, String wakerName,
            Evidence evidence) {
        SameSort(WaitRow r) {
            this(r.waiters(), r.what().kind(), r.listeningEnd(), r.what().syscall(), r.wakerName(), r.what().evidence());
        }
    }

    /** Many threads wait for the same one, or for the same few. */
    private record ManyForOne(ObjectKind kind, String object, String syscall, Set<Integer> wakers, Evidence evidence) {
        ManyForOne(WaitRow r, String object) {
            this(r.what().kind(), object, r.what().syscall(), r.wakers(), r.what().evidence());
        }
    }

    /** The threads of a process wait for one another, each a little. */
    private record OneAnother(ObjectKind kind, String syscall, Evidence evidence) {
        OneAnother(WaitRow r) {
            this(r.what().kind(), r.what().syscall(), r.what().evidence());
        }
    }

    private static boolean areMany(List<WaitRow> rows) {
        return rows.size() >= MIN_ALIKE;
    }

    /** Connections to one end: which passing ports the others have says nothing. */
    private static boolean areSeveral(List<WaitRow> rows) {
        return rows.size() > 1;
    }

    private static boolean haveManyWaiters(List<WaitRow> rows) {
        return rows.stream().flatMap(row -> row.waiters().stream()).distinct().count() >= MIN_THREADS;
    }

    /** Rows with the same key become one if they are enough; those with null stay apart. */
    private List<WaitRow> joined(List<WaitRow> rows, Predicate<List<WaitRow>> areEnough, Function<WaitRow, Object> key) {
        List<WaitRow> result = new ArrayList<>();
        Map<Object, List<WaitRow>> alike = new LinkedHashMap<>();
        for (WaitRow row : rows) {
            Object rowsKey = key.apply(row);
            alike.computeIfAbsent(rowsKey == null ? new Object() : rowsKey, k -> new ArrayList<>()).add(row);
        }
        for (List<WaitRow> group : alike.values()) {
            if (areEnough.test(group)) {
                result.add(join(group));
            } else {
                result.addAll(group);
            }
        }
        return result;
    }

    private WaitRow join(List<WaitRow> group) {
        WaitRow longest = group.stream().max(Comparator.comparingLong(r -> r.what().totalNs())).orElseThrow();
        Set<Integer> waiters = new HashSet<>();
        Set<String> objects = new HashSet<>();
        Set<Integer> wakers = new HashSet<>();
        long count = 0;
        long totalNs = 0;
        long p99Ns = 0;
        long maxNs = 0;
        boolean ongoing = false;
        Interrupts interrupts = Interrupts.NONE;
        for (WaitRow row : group) {
            interrupts = interrupts.plus(row.what().interrupts());
            waiters.addAll(row.waiters());
            objects.addAll(row.objects());
            wakers.addAll(row.wakers());
            count += row.what().count();
            totalNs += row.what().totalNs();
            p99Ns = Math.max(p99Ns, row.what().p99Ns());
            maxNs = Math.max(maxNs, row.what().maxNs());
            ongoing |= row.what().ongoing();
        }
        WaitSummary w = longest.what();
        List<String> ends = group.stream().map(WaitRow::listeningEnd).distinct().toList();
        String object = objects.size() == 1 ? objects.iterator().next() : Families.ALL.many(objects.size(), w.kind())
                + (ends.size() == 1 && ends.getFirst() != null ? ObjectName.OF + ends.getFirst() : "");
        boolean oneName = group.stream().allMatch(r -> Objects.equals(r.wakerName(), longest.wakerName()));
        WaitSummary sum = new WaitSummary(w.kind(), object, w.syscall(), w.waker(), w.peers(), w.evidence(), count, totalNs, 0, p99Ns,
                maxNs, ongoing, w.threads(), group.stream().flatMap(r -> r.what().because().stream()).toList(), interrupts);
        return new WaitRow(process, sum, observedNs(waiters), waiters, objects, wakers, oneName ? longest.wakerName() : null, true);
    }
}
