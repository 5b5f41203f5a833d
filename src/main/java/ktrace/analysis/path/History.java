package ktrace.analysis.path;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.EventSink;
import ktrace.event.ProcessId;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.intervals.Interval;
import ktrace.intervals.IntervalSink;
import ktrace.intervals.Intervals;

/**
 * What all observed threads did in a trace, or in a part of it, kept for {@link CriticalPath}s: twelve bytes an interval, of which
 * there are somewhat fewer than events. When there are more than a limit, the oldest are let go, and a path ends in what is {@link
 * ktrace.analysis.Cause#FURTHER_BACK}. To be fed with the stamped events, by one thread; complete after END.
 */
public final class History implements EventSink {
    /** Of the Java heap so many hundredths at most. */
    private static final int HEAP_PERCENT = 30;
    private static final int INTERVAL_BYTES = 12;

    private final Pieces pieces = new Pieces();
    private final Map<ThreadId, Trail> trails = new LinkedHashMap<>();
    /** Of a process its leader's trail. */
    private final Map<ProcessId, Trail> leaders = new HashMap<>();
    /** A trail for each part of one that is full, the oldest first. */
    private final ArrayDeque<Trail> full = new ArrayDeque<>();
    private final Intervals<Trail> intervals = new Intervals<>(new TraceCounters(), new Keeping());
    private final long limit;
    private final long fromOffsetNs;
    private final long toOffsetNs;
    private long beginNs = TraceEvent.UNKNOWN_NS;
    private long size;
    private long letGo;
    private long lost;
    private boolean noScheduler;

    /**
     * @param fromOffsetNs where the part begins that is kept, after the begin of the trace
     * @param toOffsetNs where it ends
     * @param limit how many intervals are kept
     */
    public History(long fromOffsetNs, long toOffsetNs, long limit) {
        this.fromOffsetNs = fromOffsetNs;
        this.toOffsetNs = toOffsetNs;
        this.limit = limit;
    }

    /** How many intervals of the whole trace the Java heap has room for. */
    public static long usualLimit() {
        return Runtime.getRuntime().maxMemory() / 100 * HEAP_PERCENT / INTERVAL_BYTES;
    }

    /** When the trace begins, on CLOCK_MONOTONIC. */
    public long beginNs() {
        return beginNs;
    }

    /** How many intervals were let go because there were too many. */
    public long letGo() {
        return letGo;
    }

    /** How many events the trace lacks. */
    public long lost() {
        return lost;
    }

    /** All threads, in the order in which they were met. */
    public List<ThreadId> threads() {
        return List.copyOf(trails.keySet());
    }

    /** Those that {@code name} is the number of, or the name of thread or process; the one that was there longest first. */
    public List<ThreadId> named(String name) {
        List<Trail> found = new ArrayList<>();
        for (Trail trail : trails.values()) {
            if (String.valueOf(trail.thread.tid()).equals(name) || trail.comm().equals(name)) {
                found.add(trail);
            }
        }
        found.sort(Comparator.comparingLong((Trail trail) -> trail.untilNs() - trail.beginNs).reversed()
                .thenComparingInt(trail -> trail.thread.index()));
        return found.stream().map(trail -> trail.thread).toList();
    }

    /** The latest name of a thread, unescaped; empty when it is not known. */
    public String comm(ThreadId thread) {
        Trail trail = trails.get(thread);
        return trail == null ? "" : trail.comm();
    }

    /** The name of a process: its leader's. */
    public String comm(ProcessId process) {
        Trail leader = leaders.get(process);
        return leader == null ? "" : leader.comm();
    }

    /** When the observation of {@code thread} began. */
    public long beginNs(ThreadId thread) {
        return trails.get(thread).beginNs;
    }

    /** Up to when it was observed. */
    public long untilNs(ThreadId thread) {
        return trails.get(thread).untilNs();
    }

    Trail trail(ThreadId thread) {
        return thread == null ? null : trails.get(thread);
    }

    Piece piece(Trail.Found found) {
        return pieces.get(found.piece());
    }

    @Override
    public void onEvent(TraceEvent event) {
        if (beginNs == TraceEvent.UNKNOWN_NS) {
            beginNs = event.timeNs;
        }
        intervals.onEvent(event);
        switch (event.type) {
            case START -> noScheduler = event.number == 1;
            case SCHED_SWITCH -> rename(event.otherThread, event);
            case TASK_NEWTASK -> {
                rename(event.thread, event);
                Trail child = trail(event.thread);
                if (child != null) {
                    child.maker = event.otherThread;
                }
            }
            case TASK_RENAME, SCHED_PROCESS_EXIT -> rename(event.thread, event);
            case SCHED_PROCESS_EXEC -> {
                if (noScheduler && event.payload instanceof String file && !file.isEmpty()) {
                    rename(event.thread, file.substring(file.lastIndexOf('/') + 1));
                }
            }
            case THREAD_STATE -> {
                if (event.payload instanceof ThreadSnapshot snapshot) {
                    rename(event.thread, snapshot.comm());
                }
            }
            case PROCESS_STATE -> {
                if (event.payload instanceof ProcessSnapshot snapshot && event.thread != null) {
                    rename(event.thread, snapshot.comm());
                }
            }
            case END -> lost = event.payload instanceof WindowFacts facts ? facts.lost() : 0;
            default -> { }
        }
    }

    private void rename(ThreadId thread, TraceEvent event) {
        Trail trail = event.comm0 == 0 ? null : intervals.of(thread);
        if (trail != null) {
            trail.rename(event.comm0, event.comm1);
        }
    }

    private void rename(ThreadId thread, String comm) {
        Trail trail = intervals.of(thread);
        if (trail != null) {
            trail.rename(comm);
        }
    }

    private final class Keeping implements IntervalSink<Trail> {
        @Override
        public Trail begins(ThreadId thread, long fromNs) {
            Trail trail = new Trail(thread, fromNs);
            trails.put(thread, trail);
            if (thread.tid() == thread.process().tgid()) {
                leaders.put(thread.process(), trail);
            }
            return trail;
        }

        @Override
        public void interval(Trail trail, Interval interval) {
            boolean within = interval.toNs() - beginNs > fromOffsetNs && interval.fromNs() - beginNs < toOffsetNs;
            if (interval.provisional() || interval.lengthNs() <= 0 || !within) {
                return;
            }
            if (trail.add(interval.fromNs(), interval.toNs(), pieces.number(interval))) {
                full.add(trail);
            }
            size++;
            if (size > limit && !full.isEmpty()) {
                int fewer = full.remove().shorten();
                size -= fewer;
                letGo += fewer;
            }
        }

        @Override
        public void ends(Trail trail, long nowNs) {
            // It may have ended what others waited for.
        }
    }
}
