package ktrace.analysis.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Cause;
import ktrace.analysis.Explanation;
import ktrace.event.KernelObject;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * How much of whose time ended on whom, and why. An entry for each (process whose time it is, thread or outside end that it ended
 * on, cause). When there are more than {@value #LIMIT}, the processes that have least are joined until half are left, and of a
 * process that has too many by itself the least of those whom it waited or queued for; which those are depends on the events alone.
 * One thread; allocates for a new entry.
 */
final class Account {
    static final int LIMIT = 8192;
    /** Stands for all that were joined. */
    private static final Object OTHERS = new Object();
    /** Stands for the CPUs that somebody may not run on. */
    private static final Object ELSEWHERE = new Object();
    private static final int CAUSES = Cause.values().length;
    private static final int NEAR = 16;

    /** The entries that one thread's time went to last: most are found there. */
    static final class OfThread {
        private final ProcessId process;
        /** Of what it did itself, by cause; that which comes most often by itself. */
        private final Entry[] own = new Entry[CAUSES];
        private Entry computes = Entry.NONE;
        /** Of whom it stood in the queue for, and of whom it waited for: each at a place that the key gives. */
        private final Entry[] queued = new Entry[NEAR];
        private final Entry[] waited = new Entry[NEAR];

        OfThread(ProcessId process) {
            this.process = process;
            Arrays.fill(queued, Entry.NONE);
            Arrays.fill(waited, Entry.NONE);
        }
    }

    /** For the {@link Epoch} of a thread to hold on to; what is in it is written here alone. */
    static final class Entry {
        private static final Entry NONE = none();

        final ProcessId waiter;
        final Object end;
        final Cause cause;
        final boolean own;
        final int sequence;
        Waker waker;
        long ns;
        /** Of what was waited for. What was the process's own doing is sure. */
        long sureNs;
        KernelObject object;
        long objectNs;
        /** It was joined with others, and takes nothing more. */
        boolean gone;

        Entry(ProcessId waiter, Object end, Cause cause, boolean own, int sequence) {
            this.waiter = waiter;
            this.end = end;
            this.cause = cause;
            this.own = own;
            this.sequence = sequence;
        }

        private static Entry none() {
            Entry none = new Entry(null, OTHERS, Cause.UNKNOWN, false, -1);
            none.leave();
            return none;
        }

        /** It is joined with others. Nobody finds it by its waker any more. */
        private void leave() {
            gone = true;
            waker = null;
        }

        /** There is one for each whom the process waited for, or stood in the queue for, and no bound on how many these are. */
        boolean isOneOfMany() {
            return end != waiter && end != ELSEWHERE && end != OTHERS;
        }

        void add(Waker by, long moreNs) {
            if (waker != by) {
                waker = by;
            }
            ns += moreNs;
        }

        /** What most of the time waited for is what is left when everything else has been set off against it. */
        void vote(KernelObject by, long byNs) {
            if (object == by) {
                objectNs += byNs;
            } else if (objectNs >= byNs) {
                objectNs -= byNs;
            } else {
                object = by;
                objectNs = byNs - objectNs;
            }
        }

        Explanation explanation() {
            return new Explanation(waiter, end instanceof ThreadId thread ? thread : null, waker, cause, own,
                    object == null ? null : object.canonical(), ns, own ? ns : sureNs);
        }
    }

    private Entry[] table = new Entry[64];
    private int size;
    private int made;

    /** The thread's own doing: it did not wait for anybody. */
    void own(OfThread thread, Cause cause, long ns) {
        ownEntry(thread, cause).add(null, ns);
    }

    /** The thread was on a CPU. */
    void computed(OfThread thread, long ns) {
        if (thread.computes.gone) {
            thread.computes = ownEntry(thread, Cause.COMPUTES);
        }
        thread.computes.ns += ns;
    }

    private Entry ownEntry(OfThread thread, Cause cause) {
        Entry entry = thread.own[cause.ordinal()];
        if (entry == null || entry.gone) {
            entry = entry(thread.process, thread.process, cause, true);
            thread.own[cause.ordinal()] = entry;
        }
        return entry;
    }

    /**
     * Time held back.
     *
     * @param group by whose quota; null when that is not known
     */
    void heldBack(OfThread thread, KernelObject group, long ns) {
        Entry entry = ownEntry(thread, Cause.THROTTLED);
        if (group != null) {
            entry.vote(group, ns);
        }
        entry.add(null, ns);
    }

    /** Time in the queue of whoever may run on the CPUs {@code pinnedTo} alone, while others idled. */
    void pinned(OfThread thread, KernelObject pinnedTo, long ns) {
        Entry entry = entry(thread.process, ELSEWHERE, Cause.QUEUE, true);
        entry.vote(pinnedTo, ns);
        entry.add(null, ns);
    }

    /**
     * Time in the queue for a CPU.
     *
     * @param runner who had it; null when that is not known
     */
    void queued(OfThread thread, Waker runner, long ns) {
        if (runner == null) {
            own(thread, Cause.QUEUE, ns);
            return;
        }
        Peer process = runner.process();
        int place = process.pid() & NEAR - 1;
        Entry entry = thread.queued[place];
        if (entry.waker == runner) {
            entry.ns += ns;
            return;
        }
        if (entry.end != process || entry.gone) {
            entry = entry(thread.process, process, Cause.QUEUE, true);
            thread.queued[place] = entry;
        }
        entry.add(runner, ns);
    }

    /**
     * Time waited.
     *
     * @param end the thread that it ended on, or what stands for another end
     * @param waker how {@code end} is called, when it is a thread or a process
     * @param object what was waited for at last
     * @param sureNs as far as the object proves every step of the way
     */
    void waited(OfThread waiter, Object end, Waker waker, Cause cause, KernelObject object, long ns, long sureNs) {
        waited(waitedEntry(waiter, end, cause), waker, object, ns, sureNs);
    }

    /** The same, of what is a part of a thread's past as well. */
    void waited(OfThread waiter, Epoch.Part part, Waker waker, KernelObject object, long ns, long sureNs) {
        if (part.entry == null || part.entry.gone) {
            part.entry = waitedEntry(waiter, part.end, part.cause);
        }
        waited(part.entry, waker, object, ns, sureNs);
    }

    private static void waited(Entry entry, Waker waker, KernelObject object, long ns, long sureNs) {
        entry.vote(object, ns);
        entry.add(waker, ns);
        entry.sureNs += sureNs;
    }

    private Entry waitedEntry(OfThread waiter, Object end, Cause cause) {
        if (!(end instanceof ThreadId thread)) {
            return entry(waiter.process, end, cause, false);
        }
        int place = (5 * thread.index() ^ cause.ordinal()) & NEAR - 1;
        Entry entry = waiter.waited[place];
        if (entry.end != end || entry.cause != cause || entry.gone) {
            entry = entry(waiter.process, end, cause, false);
            waiter.waited[place] = entry;
        }
        return entry;
    }

    private Entry entry(ProcessId waiter, Object end, Cause cause, boolean own) {
        Entry found = find(waiter, end, cause, own);
        if (found != null) {
            return found;
        }
        if (size >= LIMIT) {
            join();
        }
        return put(new Entry(waiter, end, cause, own, made++));
    }

    private static int hash(ProcessId waiter, Object end, Cause cause, boolean own) {
        int h = 31 * (31 * System.identityHashCode(waiter) + end.hashCode()) + 2 * cause.ordinal() + (own ? 1 : 0);
        return h ^ h >>> 15;
    }

    private Entry find(ProcessId waiter, Object end, Cause cause, boolean own) {
        int mask = table.length - 1;
        for (int i = hash(waiter, end, cause, own) & mask; table[i] != null; i = i + 1 & mask) {
            Entry e = table[i];
            if (e.waiter == waiter && e.cause == cause && e.own == own && e.end.equals(end)) {
                return e;
            }
        }
        return null;
    }

    private Entry put(Entry entry) {
        if (2 * (size + 1) > table.length) {
            rebuild(all(), 2 * table.length);
        }
        int mask = table.length - 1;
        int i = hash(entry.waiter, entry.end, entry.cause, entry.own) & mask;
        while (table[i] != null) {
            i = i + 1 & mask;
        }
        table[i] = entry;
        size++;
        return entry;
    }

    private void rebuild(List<Entry> entries, int length) {
        table = new Entry[length];
        size = 0;
        entries.forEach(this::put);
    }

    /** In the order in which they were made. */
    private List<Entry> all() {
        List<Entry> all = new ArrayList<>(size);
        for (Entry entry : table) {
            if (entry != null) {
                all.add(entry);
            }
        }
        all.sort(Comparator.comparingInt(entry -> entry.sequence));
        return all;
    }

    List<Explanation> explanations() {
        return all().stream().map(Entry::explanation).toList();
    }

    private void join() {
        Map<ProcessId, List<Entry>> byProcess = new HashMap<>();
        Map<ProcessId, Long> total = new HashMap<>();
        for (Entry entry : all()) {
            byProcess.computeIfAbsent(entry.waiter, p -> new ArrayList<>()).add(entry);
            total.merge(entry.waiter, entry.ns, Long::sum);
        }
        List<ProcessId> least = new ArrayList<>(byProcess.keySet());
        least.remove(null);
        least.sort(Comparator.comparingLong((ProcessId p) -> total.get(p)).thenComparingInt(ProcessId::index));
        List<Entry> leaving = new ArrayList<>();
        int left = size;
        for (ProcessId process : least.subList(0, Math.max(0, least.size() - 1))) {
            if (left <= LIMIT / 2) {
                break;
            }
            leaving.addAll(byProcess.get(process));
            left -= byProcess.get(process).size();
        }
        List<Entry> kept = all();
        kept.removeAll(new HashSet<>(leaving));
        List<Entry> small = new ArrayList<>();
        if (left > LIMIT / 2) {
            kept.stream().filter(Entry::isOneOfMany).sorted(Comparator.comparingLong((Entry e) -> e.ns)
                    .thenComparingInt(e -> e.sequence)).limit(left - LIMIT / 2).forEach(small::add);
            kept.removeAll(new HashSet<>(small));
        }
        rebuild(kept, table.length);
        leaving.forEach(Entry::leave);
        small.forEach(Entry::leave);
        leaving.forEach(entry -> addTo(null, entry));
        small.forEach(entry -> addTo(entry.waiter, entry));
    }

    private void addTo(ProcessId waiter, Entry from) {
        Entry sum = find(waiter, OTHERS, from.cause, from.own);
        if (sum == null) {
            sum = put(new Entry(waiter, OTHERS, from.cause, from.own, made++));
        }
        sum.ns += from.ns;
        sum.sureNs += from.sureNs;
    }
}
