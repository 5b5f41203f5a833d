package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.ProcessSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.facts.NoSource;
import ktrace.facts.Resolver;
import ktrace.linux.SyscallTable;
import ktrace.system.SystemTracker;
import ktrace.system.Targets;
import ktrace.system.family.Families;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A machine on which every question takes a second: events go on, none is lost, and what is not known is told. */
@Timeout(60)
class SlowFactsTest {
    private static final int TGID = 7;
    /** Each is on a descriptor that nobody knows, and blocks. */
    private static final int CALLS = 20_000;
    private static final long CALL_NS = 50_000;

    private static final class Slow extends NoSource {
        @Override
        public FdSnapshot fd(int tgid, int fd) {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            return null;
        }

        @Override
        public List<FdSnapshot> fds(int tgid) {
            fd(tgid, 0);
            return List.of();
        }

        @Override
        public ProcessSnapshot process(int tid) {
            fd(tid, 0);
            return null;
        }
    }

    /** Reads of one descriptor after another, each of which blocks and is ended by somebody who is not known. */
    private static final class Reads implements EventStream {
        private final long startNs;
        private int next;
        private int visible;

        Reads(long startNs) {
            this.startNs = startNs;
        }

        @Override
        public void refresh() {
            visible = (int) Math.min(4L * CALLS, 4 * ((System.nanoTime() - startNs) / CALL_NS));
        }

        @Override
        public long nextTimeNs() {
            return next < visible ? startNs + next / 4 * CALL_NS + next % 4 : NOTHING;
        }

        @Override
        public void take(TraceEvent slot) {
            int call = next / 4;
            slot.timeNs = nextTimeNs();
            slot.cpu = 0;
            slot.tgid = TGID;
            slot.tid = TGID;
            slot.contextFlags = 0;
            slot.payload = null;
            slot.number = SyscallTable.current().number("read");
            slot.arg0 = 3 + call % 500;
            slot.result = 1;
            switch (next++ % 4) {
                case 0 -> slot.type = EventType.SYS_ENTER;
                case 1 -> {
                    slot.type = EventType.SCHED_SWITCH;
                    slot.otherTid = 9;
                    slot.number = 1;
                }
                case 2 -> {
                    slot.type = EventType.SCHED_WAKING;
                    slot.tid = 9;
                    slot.tgid = 9 + call;
                    slot.otherTid = TGID;
                }
                default -> slot.type = EventType.SYS_EXIT;
            }
        }

        @Override
        public void release() {
            // Nothing to give back.
        }
    }

    @Test
    void nothingWaitsForThem() throws InterruptedException {
        long startNs = System.nanoTime();
        FakeSource source = new FakeSource(new Reads(startNs));
        TraceCounters asked = new TraceCounters();
        List<Long> behindNs = new ArrayList<>();
        List<WindowFacts> end = new ArrayList<>();
        int[] seen = new int[1];
        try (Resolver resolver = new Resolver(Slow::new, asked)) {
            SystemTracker tracker = new SystemTracker(Targets.processes(1, List.of(TGID)), Families.ALL, resolver,
                    SyscallTable.current()::find,
                    new TraceCounters());
            Stages stages = new Stages(tracker, resolver, List.of(event -> {
                if (event.type == EventType.END) {
                    end.add((WindowFacts) event.payload);
                } else if (event.type == EventType.SYS_EXIT && ++seen[0] % 100 == 0) {
                    behindNs.add(System.nanoTime() - event.timeNs);
                }
            }), List.of(asked));
            try (TraceSession session = new TraceSession(source, stages, new StartGate(0, startNs), 0)) {
                resolver.answerInto(session::inject, session::unreadFacts);
                session.start();
                Thread.sleep(TimeUnit.NANOSECONDS.toMillis(CALLS * CALL_NS) + 200);
                long stopNs = System.nanoTime();
                session.requestStop();
                session.awaitEnd();
                assertTrue(System.nanoTime() - stopNs < TimeUnit.MILLISECONDS.toNanos(500), "the end waits for answers");
            }
        }
        assertEquals(CALLS, seen[0]);
        Map<TraceCounter, Long> counters = end.getFirst().counters();
        assertTrue(counters.get(TraceCounter.ANSWERED_LATE) > 0, counters.toString());
        assertTrue(counters.get(TraceCounter.ANSWER_TIMED_OUT) > 0, counters.toString());
        // Held up at most a twentieth of all time, but for the burst at the begin.
        assertTrue(behindNs.stream().mapToLong(Long::longValue).max().orElseThrow() < 300_000_000L, behindNs.toString());
    }
}
