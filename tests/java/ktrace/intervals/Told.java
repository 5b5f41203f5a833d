package ktrace.intervals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.intervals.Interval.End;

/** Keeps what is handed over of a list of events. */
final class Told implements IntervalSink<ThreadId> {
    /** One interval as it was handed over. */
    record Copy(ThreadId thread, ThreadState state, long fromNs, long toNs, ObjectKind kind, KernelObject object, int syscall,
            Waker waker, Evidence evidence, List<Peer> peers, End end) {
        private static Copy of(Interval i) {
            return new Copy(i.thread(), i.state(), i.fromNs(), i.toNs(), i.kind(), i.object(), i.syscall(), i.waker(), i.evidence(),
                    i.peers(), i.end());
        }

        /** Without what only a wait has, of an interval that is none. */
        private Copy plain() {
            return state.blocked() ? this
                    : new Copy(thread, state, fromNs, toNs, ObjectKind.OTHER, null, Interval.NO_SYSCALL, null, Evidence.NONE, List.of(), end);
        }
    }

    /** All that will not be handed over again. */
    final List<Copy> last = new ArrayList<>();
    final List<Copy> provisional = new ArrayList<>();
    final Map<ThreadId, Long> newNs = new HashMap<>();
    final Map<ThreadId, Long> beginNs = new HashMap<>();
    final Map<ThreadId, Long> endNs = new HashMap<>();

    /** @param windows whether the INTERVAL events are played, or left out */
    Told(List<TraceEvent> events, boolean windows) {
        Intervals<ThreadId> intervals = new Intervals<>(new TraceCounters(), this);
        for (TraceEvent event : events) {
            if (event.type != EventType.INTERVAL || windows) {
                intervals.onEvent(event);
            }
        }
    }

    @Override
    public ThreadId begins(ThreadId thread, long fromNs) {
        beginNs.put(thread, fromNs);
        return thread;
    }

    @Override
    public void interval(ThreadId thread, Interval interval) {
        if (thread != interval.thread() || endNs.containsKey(thread)) {
            throw new AssertionError(thread + " " + Copy.of(interval));
        }
        (interval.provisional() ? provisional : last).add(Copy.of(interval).plain());
        newNs.merge(thread, interval.newNs(), Long::sum);
    }

    @Override
    public void ends(ThreadId thread, long nowNs) {
        endNs.put(thread, nowNs);
    }

    /** Of one thread, as {@code "RUNNING 0-10"}. */
    List<String> of(ThreadId thread) {
        return last.stream().filter(i -> i.thread() == thread).map(i -> i.state() + " " + i.fromNs() + "-" + i.toNs()).toList();
    }

    List<Copy> waits() {
        return last.stream().filter(i -> i.state().blocked()).toList();
    }
}
