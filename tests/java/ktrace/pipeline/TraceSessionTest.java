package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import ktrace.event.EventSink;
import ktrace.event.EventStamper;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.facts.Answers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The poller, the Disruptor and the session around them, with sources that say exactly what comes when. */
@Timeout(60)
class TraceSessionTest extends SessionTest {
    @Test
    void everythingComesInOrderAndEndComesLast() throws InterruptedException {
        long base = System.nanoTime();
        FakeSource source = new FakeSource(new ListStream(0, base + 1, base + 3), new ListStream(1, base + 2));
        run(source, 0, base, 0);
        assertEquals(List.of(base + 1, base + 2, base + 3, source.endNs), seen.stream().map(Seen::timeNs).toList());
        assertEquals(EventType.END, seen.getLast().type());
        assertEquals(3, seen.getLast().facts().events());
        assertEquals(base + 1, seen.getLast().facts().startNs());
        assertEquals(0, seen.getLast().facts().lost());
        assertEquals(List.of(base + 1), starts);
    }

    @Test
    void aTraceWithoutEventsStillEnds() throws InterruptedException {
        long base = System.nanoTime();
        run(new FakeSource(new ListStream(0)), 0, base, 0);
        assertEquals(List.of(EventType.END), seen.stream().map(Seen::type).toList());
        assertEquals(base, seen.getFirst().facts().startNs());
        assertEquals(List.of(base), starts);
    }

    /** An event that the source will have written, but that is not complete yet, waits; at the end it comes too. */
    @Test
    void nothingIsTakenBeforeItsTimeIsComplete() throws InterruptedException {
        long base = System.nanoTime();
        FakeSource source = new FakeSource(new ListStream(0, base + 1, base + 500));
        source.complete = () -> base + 100;
        List<Integer> early = new ArrayList<>();
        source.steps.add(() -> early.add(source.streams().getFirst().nextTimeNs() == base + 500 ? 1 : 0));
        run(source, 0, base, 0);
        assertEquals(List.of(1), early);
        assertEquals(3, seen.size());
    }

    @Test
    void theSourceIsStoppedWhileThereIsStillMuchToRead() throws InterruptedException {
        long base = System.nanoTime();
        FakeSource source = new FakeSource(new ListStream(0, LongStream.range(base - 10_000, base).toArray()));
        AtomicInteger stampedBefore = new AtomicInteger();
        AtomicReference<TraceSession> running = new AtomicReference<>();
        EventStamper stamper = event -> {
            if (!source.stopped && event.type != EventType.START) {
                stampedBefore.incrementAndGet();
                running.get().requestStop();
            }
        };
        try (TraceSession session = session(source, stamper, List.of(collect), new StartGate(0, base - 10_000), 0)) {
            running.set(session);
            session.start();
            session.awaitEnd();
        }
        assertTrue(stampedBefore.get() <= 1024, () -> stampedBefore + " events");
        assertEquals(10_000, seen.getLast().facts().events());
    }

    /** A command: what comes before its exec is not of the trace, except who and what was there. */
    @Test
    void aCommandsTraceBeginsWithItsExec() throws InterruptedException {
        long base = System.nanoTime();
        EventStream stream = new Script(
                event(EventType.SCHED_SWITCH, base + 1, 1, null), event(EventType.SCHED_PROCESS_EXEC, base + 2, 99, "/other"),
                event(EventType.FD_STATE, base + 3, 50, "fd 0"), event(EventType.TASK_RENAME, base + 3, 50, null),
                event(EventType.TASK_RENAME, base + 3, 51, null), event(EventType.SCHED_PROCESS_EXEC, base + 4, 50, "/bin/true"),
                event(EventType.SYS_EXIT, base + 5, 50, null));
        run(new FakeSource(stream), 50, base, 0);
        assertEquals(List.of(EventType.FD_STATE, EventType.SCHED_PROCESS_EXEC, EventType.TASK_RENAME, EventType.SYS_EXIT,
                EventType.END), seen.stream().map(Seen::type).toList());
        assertEquals(base + 4, seen.getFirst().timeNs());
        assertEquals(base + 4, seen.getLast().facts().startNs());
    }

    /** The stages stand still: the ring fills, the rest stays with the source, and nothing is lost, even when asked to stop. */
    @Test
    void aSlowStageLosesNothing() throws InterruptedException {
        int count = 5 * EventRing.SLOTS;
        long base = System.nanoTime() - count;
        ListStream stream = new ListStream(0, LongStream.range(base, base + count).toArray());
        CountDownLatch gate = new CountDownLatch(1);
        List<Long> order = new ArrayList<>();
        EventSink slow = event -> {
            await(gate);
            if (event.type != EventType.START) {
                order.add(event.arg0);
            }
        };
        FakeSource source = new FakeSource(stream);
        try (TraceSession session = session(source, event -> { }, List.of(slow), new StartGate(0, base), 0)) {
            session.start();
            while (stream.taken() < EventRing.SLOTS - 1) { // one slot is taken by START
                Thread.sleep(1);
            }
            session.requestStop();
            Thread.sleep(50);
            assertTrue(stream.taken() <= EventRing.SLOTS + 1, "taken without room: " + stream.taken());
            gate.countDown();
            session.awaitEnd();
        }
        assertEquals(count + 1, order.size());
        assertEquals(LongStream.range(0, count).boxed().toList(), order.subList(0, count));
    }

    /** While a round is still under way its room goes back to the kernel, or a long round would fill the kernel's ring. */
    @Test
    void roomIsGivenBackDuringALongRound() throws InterruptedException {
        int count = 5 * EventRing.SLOTS;
        long base = System.nanoTime() - count;
        ListStream stream = new ListStream(0, LongStream.range(base, base + count).toArray());
        CountDownLatch gate = new CountDownLatch(1);
        FakeSource source = new FakeSource(stream);
        try (TraceSession session = session(source, event -> { }, List.of(event -> await(gate)), new StartGate(0, base), 0)) {
            session.start();
            while (stream.taken() < EventRing.SLOTS - 1) { // one slot is taken by START
                Thread.sleep(1);
            }
            assertTrue(stream.released > EventRing.SLOTS / 2, "given back: " + stream.released);
            gate.countDown();
            session.requestStop();
            session.awaitEnd();
        }
    }

    /** It sees nothing more but the END, for what it can still say; the others see everything, and the session tells why. */
    @Test
    void aReaderThatThrowsEndsTheTraceWithWhatIsKnown() throws InterruptedException {
        long base = System.nanoTime();
        OutOfMemoryError bug = new OutOfMemoryError("not really");
        List<EventType> afterwards = Collections.synchronizedList(new ArrayList<>());
        EventSink broken = event -> {
            afterwards.add(event.type);
            if (event.type != EventType.END) {
                throw bug;
            }
        };
        try (TraceSession session = session(new FakeSource(new ListStream(0, base, base + 1)), event -> { },
                List.of(broken, collect), new StartGate(0, base), 0)) {
            session.start();
            session.awaitEnd();
            assertSame(bug, session.failure());
        }
        assertEquals(List.of(EventType.START, EventType.END), afterwards);
        assertEquals(List.of(base, base + 1), seen.subList(0, 2).stream().map(Seen::timeNs).toList());
        assertEquals(EventType.END, seen.getLast().type());
    }

    /** The END comes all the same, and is not stamped. */
    @Test
    void aStamperThatThrowsEndsTheTraceWithWhatIsKnown() throws InterruptedException {
        long base = System.nanoTime();
        IllegalStateException bug = new IllegalStateException("a bug");
        FakeSource source = new FakeSource(new ListStream(0, base, base + 1, base + 2));
        try (TraceSession session = session(source, event -> {
            if (event.type != EventType.START && event.timeNs > base) {
                throw bug;
            }
        }, List.of(collect), new StartGate(0, base), 0)) {
            session.start();
            session.awaitEnd();
            assertSame(bug, session.failure());
        }
        assertEquals(List.of(EventType.SYS_ENTER, EventType.SYS_ENTER, EventType.END), seen.stream().map(Seen::type).toList());
        assertTrue(source.stopped && source.closed);
    }

    @Test
    void aSourceThatThrowsEndsTheTraceWithItsException() throws InterruptedException {
        IllegalStateException bug = new IllegalStateException("no more");
        FakeSource source = new FakeSource(new ListStream(0));
        source.steps.add(() -> {
            throw bug;
        });
        try (TraceSession session = session(source, event -> { }, List.of(collect), new StartGate(0, 0), 0)) {
            session.start();
            session.awaitEnd();
            assertSame(bug, session.failure());
        }
        assertEquals(EventType.END, seen.getLast().type());
        assertTrue(source.closed);
    }

    /** A stamper that asks before the second event: the answer is seen before it, by everybody, with a time of its own. */
    @Test
    void answersThatAreAskedForNowComeBeforeTheirEvent() throws InterruptedException {
        long base = System.nanoTime();
        Fact fact = new Fact.TableTold(7);
        List<Fact> answers = new ArrayList<>();
        EventStamper stamper = new EventStamper() {
            @Override
            public boolean asksBefore(TraceEvent event) {
                return event.timeNs == base + 1 && event.cpu == 0 && answers.add(fact);
            }

            @Override
            public void onEvent(TraceEvent event) {
                event.number = event.type == EventType.FACT ? 1 : 0;
            }
        };
        Answers now = new Answers() {
            @Override
            public void await() {
                assertEquals(1, answers.size());
            }

            @Override
            public Fact poll() {
                return answers.isEmpty() ? null : answers.removeFirst();
            }
        };
        FakeSource source = new FakeSource(new ListStream(0, base, base + 1), new ListStream(1, base + 1, base + 3));
        try (TraceSession session = new TraceSession(source, new Stages(stamper, now, List.of(collect), List.of()),
                new StartGate(0, base), 0)) {
            source.steps.add(session::requestStop);
            session.start();
            session.awaitEnd();
        }
        assertEquals(List.of(base + " 0", base + 2 + " -1", base + 2 + " 0", base + 2 + " 1", base + 3 + " 1"),
                seen.subList(0, 5).stream().map(event -> event.timeNs() + " " + event.cpu()).toList());
        assertEquals(null, seen.getLast().facts().counters().get(TraceCounter.REORDERED));
        assertSame(fact, seen.get(1).payload());
    }

    @Test
    void tasksRunOnThePollerThread() throws InterruptedException {
        FakeSource source = new FakeSource(new ListStream(0));
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        try (TraceSession session = session(source, event -> { }, List.of(), new StartGate(0, 0), 0)) {
            session.start();
            session.onPoller(() -> {
                threads.add(Thread.currentThread().getName());
                session.requestStop();
            });
            session.awaitEnd();
        }
        assertEquals(List.of("ktrace-poller"), threads);
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TraceEvent event(EventType type, long timeNs, int tgid, Object payload) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.timeNs = timeNs;
        event.tgid = tgid;
        event.tid = tgid;
        event.payload = payload;
        return event;
    }
}
