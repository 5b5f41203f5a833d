package ktrace.ctf.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import ktrace.ctf.read.StreamEnds.End;
import ktrace.event.EventType;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.Long2LongHashMap;

/**
 * What a trace of another tracer tells of its begin only later: whose its threads are, up to when each of its CPUs was recorded,
 * and whether there is anything in it for ktrace. Found by reading all of it once, before it is replayed.
 *
 * @param tgids the process of each thread of which one is told that was there before; 0 where nothing tells it
 * @param ends of streams that end before the others
 * @param uneven streams that begin or end at another time than the others
 * @param lastNs the last event; packets are closed later, when nothing is recorded any more
 * @param events how many there are in all
 * @param names of the events that there are
 * @param known how many of them ktrace knows
 */
record Foresight(Int2IntHashMap tgids, List<End> ends, int uneven, long lastNs, long events, SequencedSet<String> names,
        long known) {

    static Foresight of(List<CtfStream> streams, SequencedSet<String> names) {
        Owners owners = new Owners();
        long known = 0;
        long events = 0;
        long lastNs = Long.MIN_VALUE;
        TraceEvent slot = new TraceEvent();
        for (CtfStream stream : streams) {
            stream.refresh();
            while (stream.nextTimeNs() != CtfStream.NOTHING) {
                stream.take(slot);
                if (slot.type != EventType.EVENTS_LOST) {
                    known++;
                    owners.see(slot);
                }
            }
            events += stream.eventsRead();
            lastNs = Math.max(lastNs, stream.lastEventNs());
        }
        return recorded(streams, lastNs, owners.tgids(), events, names, known);
    }

    /** A stream may be in several files: each of them goes on where the one before ends. */
    private static Foresight recorded(List<CtfStream> streams, long lastNs, Int2IntHashMap tgids, long events,
            SequencedSet<String> names, long known) {
        record Part(int cpu, long streamClass) {
        }
        Map<Part, List<CtfStream>> parts = new HashMap<>();
        long firstNs = Long.MAX_VALUE;
        for (CtfStream stream : streams) {
            if (stream.eventsRead() > 0) {
                parts.computeIfAbsent(new Part(stream.cpu(), stream.streamClass()), part -> new ArrayList<>()).add(stream);
                firstNs = Math.min(firstNs, stream.beginNs());
            }
        }
        List<End> ends = new ArrayList<>();
        int uneven = 0;
        for (Map.Entry<Part, List<CtfStream>> part : parts.entrySet()) {
            CtfStream first = part.getValue().stream().min(Comparator.comparingLong(CtfStream::beginNs)).orElseThrow();
            long endNs = part.getValue().stream().mapToLong(CtfStream::endNs).max().orElseThrow();
            boolean endsEarly = endNs < lastNs;
            if (endsEarly) {
                ends.add(new End(part.getKey().cpu(), endNs));
            }
            if (endsEarly || first.beginIsMissing() && first.beginNs() > firstNs) {
                uneven++;
            }
        }
        ends.sort(Comparator.comparingLong(End::timeNs).thenComparingInt(End::cpu));
        return new Foresight(tgids, ends, uneven, lastNs == Long.MIN_VALUE ? 0 : lastNs, events, names, known);
    }

    /** Of each thread's number the first that is told: when it is born later, the number was another's before. */
    private static final class Owners {
        private static final int NOT_TOLD = 0;
        private static final int CLONE_THREAD = 0x10000;

        private final Int2IntHashMap tgids = new Int2IntHashMap(NOT_TOLD);
        private final Long2LongHashMap times = new Long2LongHashMap(Long.MAX_VALUE);

        Int2IntHashMap tgids() {
            return tgids;
        }

        void see(TraceEvent event) {
            if (event.payload instanceof ThreadSnapshot thread) {
                tell(thread.tid(), thread.tgid(), event.timeNs);
                return;
            }
            if (event.tgid > 0 && !event.inInterrupt()) {
                tell(event.tid, event.tgid, event.timeNs);
            }
            if (event.type == EventType.TASK_NEWTASK) {
                // It is itself the next time: until then it was not this one.
                tell(event.otherTid, (event.number & CLONE_THREAD) == 0 ? event.otherTid : NOT_TOLD, event.timeNs);
            }
        }

        private void tell(int tid, int tgid, long timeNs) {
            if (tid > 0 && timeNs < times.get(tid)) {
                times.put(tid, timeNs);
                if (tgid == NOT_TOLD) {
                    tgids.remove(tid);
                } else {
                    tgids.put(tid, tgid);
                }
            }
        }
    }
}
