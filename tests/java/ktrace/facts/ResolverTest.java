package ktrace.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.facts.Question.Urgency;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions whose answers come soon, late and never. This thread is the poller. */
@Timeout(60)
class ResolverTest {
    private static final int STUCK = 8;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    /** Answers about descriptor 0 at once; about any other not before it is let to. */
    private final class Source extends NoSource {
        @Override
        public List<Question> rehearsal() {
            rehearsed = true;
            return List.of();
        }

        @Override
        public FdSnapshot fd(int tgid, int fd) {
            answered.add(fd);
            if (fd > 0) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.DISK, "/" + fd, fd), 0);
        }
    }

    private record Told(EventType type, long timeNs, Object payload) {
    }

    private final List<Integer> answered = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Told> stream = new LinkedBlockingQueue<>();
    private volatile boolean rehearsed;
    private final AtomicInteger unread = new AtomicInteger();
    private final TraceCounters counters = new TraceCounters();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Resolver resolver = new Resolver(Source::new, counters);

    ResolverTest() {
        resolver.answerInto((type, timeNs, tid, payload) -> stream.add(new Told(type, timeNs, payload)), unread::get);
    }

    @AfterEach
    void close() {
        gate.countDown();
        resolver.close();
    }

    private boolean ask(int tgid, int fd, Urgency urgency) {
        return resolver.ask(new Question.OfDescriptor(tgid, fd), urgency);
    }

    private Fact pollFor(long timeoutNs) {
        long untilNs = System.nanoTime() + timeoutNs;
        Fact fact = resolver.poll();
        while (fact == null && System.nanoTime() < untilNs) {
            LockSupport.parkNanos(1_000_000);
            fact = resolver.poll();
        }
        return fact;
    }

    @Test
    void anAnswerIsAnEventOfTheTimeAtWhichItWasLookedFor() throws InterruptedException {
        long beforeNs = System.nanoTime();
        assertTrue(ask(7, 0, Urgency.SOON));
        Told told = stream.poll(20, TimeUnit.SECONDS);
        assertEquals(EventType.FACT, told.type);
        assertTrue(told.timeNs >= beforeNs && told.timeNs <= System.nanoTime());
        assertEquals("/0", assertInstanceOf(Fact.OfDescriptor.class, told.payload).found().object().name());
        assertNull(resolver.poll());
    }

    @Test
    void whoeverWaitsUntilItIsReadyFindsThatItHasRehearsed() throws InterruptedException {
        resolver.awaitReady(PATIENCE_NS);
        assertTrue(rehearsed);
    }

    @Test
    void whatIsAskedNowIsWaitedForAndComesOutHere() {
        ask(7, 0, Urgency.NOW);
        assertNotNull(pollFor(PATIENCE_NS), "the first answer may take its time");
        ask(7, 0, Urgency.NOW);
        resolver.await();
        assertNotNull(pollFor(PATIENCE_NS));
        assertTrue(stream.isEmpty());
    }

    @Test
    void nobodyWaitsLongerThanTheBoundNorAllTheTime() {
        ask(7, 1, Urgency.NOW);
        long startNs = System.nanoTime();
        resolver.await();
        long once = System.nanoTime() - startNs;
        assertTrue(once >= Resolver.HOLD_NS / 2, once + " ns: not waited at all");
        int waits = 200;
        for (int i = 0; i < waits; i++) {
            resolver.await();
        }
        long all = System.nanoTime() - startNs;
        assertTrue(all < waits * Resolver.HOLD_NS / 2, all + " ns for " + waits + " events");
        assertEquals(waits + 1, counters.get(TraceCounter.ANSWERED_LATE));
    }

    @Test
    void whatIsNotAnsweredIsGivenUpAndOthersAreAnsweredAllTheSame() throws InterruptedException {
        ask(7, 1, Urgency.NOW);
        ask(8, 0, Urgency.SOON);
        Fact given = pollFor(PATIENCE_NS);
        assertEquals(new Fact.OfDescriptor(7, 1, null), given);
        assertEquals(1, counters.get(TraceCounter.ANSWER_TIMED_OUT));
        assertNotNull(stream.poll(20, TimeUnit.SECONDS), "another thread goes on");
        assertFalse(ask(7, 0, Urgency.SOON), "about a process that keeps ktrace waiting nothing is asked for a while");
        assertTrue(ask(8, 0, Urgency.SOON));
    }

    /** Answers that wait for their turn take room as questions do; what somebody waits for is asked all the same. */
    @Test
    void whereManyAnswersWaitNothingMoreIsAsked() {
        unread.set(4096);
        assertFalse(ask(1, 3, Urgency.SOON));
        assertFalse(ask(1, 3, Urgency.LATER));
        assertFalse(resolver.ask(new Question.OfHolders(new KernelObject(ObjectKind.PIPE, "pipe:[1]", 1)), Urgency.SOON));
        assertEquals(3, counters.get(TraceCounter.NOT_ASKED));
        assertTrue(ask(1, 3, Urgency.NOW));
        unread.set(4095);
        assertTrue(ask(2, 3, Urgency.SOON));
    }

    @Test
    void whenAllAreStuckNothingIsAskedUntilOneComesBack() throws InterruptedException {
        for (int tgid = 1; tgid <= STUCK; tgid++) {
            assertTrue(ask(tgid, tgid, Urgency.SOON));
        }
        long untilNs = System.nanoTime() + PATIENCE_NS;
        while (counters.get(TraceCounter.ANSWER_TIMED_OUT) < STUCK && System.nanoTime() < untilNs) {
            resolver.poll();
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(STUCK, counters.get(TraceCounter.ANSWER_TIMED_OUT));
        stream.clear();
        assertFalse(ask(99, 0, Urgency.NOW));
        assertFalse(resolver.ask(new Question.OfTable(99), Urgency.SOON));
        assertEquals(2, counters.get(TraceCounter.NOT_ASKED));
        gate.countDown();
        while (!ask(99, 0, Urgency.SOON) && System.nanoTime() < untilNs) {
            LockSupport.parkNanos(1_000_000);
        }
        Told told = stream.poll(20, TimeUnit.SECONDS);
        assertEquals(99, assertInstanceOf(Fact.OfDescriptor.class, told.payload).tgid(), "what comes late is not told any more");
    }

    @Test
    void whatIsJustBeingAnsweredIsNotAskedAgainWhenItBecomesUrgent() {
        ask(7, 1, Urgency.SOON);
        while (answered.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
        assertTrue(ask(7, 1, Urgency.NOW));
        gate.countDown();
        resolver.await();
        assertEquals("/1", assertInstanceOf(Fact.OfDescriptor.class, pollFor(PATIENCE_NS)).found().object().name());
        assertTrue(stream.isEmpty());
        assertEquals(List.of(1), answered);
    }

    @Test
    void whatNoEventCanWaitForGoesFirstAllTheSame() throws InterruptedException {
        ask(7, 1, Urgency.NOW);
        for (int i = 0; i < 50; i++) {
            resolver.await();
        }
        assertTrue(ask(8, 2, Urgency.SOON));
        assertFalse(ask(9, 3, Urgency.NOW), "the time for holding events up is used up");
        assertFalse(ask(9, 3, Urgency.NOW));
        gate.countDown();
        assertNotNull(pollFor(PATIENCE_NS));
        assertEquals(9, assertInstanceOf(Fact.OfDescriptor.class, stream.take().payload).tgid());
        assertEquals(8, assertInstanceOf(Fact.OfDescriptor.class, stream.take().payload).tgid());
        assertEquals(List.of(1, 3, 2), answered, "and is asked once");
    }

    @Test
    void theUrgentGoesFirstAndTheRestWaitsWithinBounds() {
        ask(7, 1, Urgency.SOON);
        while (answered.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
        int taken = 0;
        while (ask(8, 2, Urgency.LATER)) {
            taken++;
        }
        assertTrue(taken > 100 && taken < 1000, taken + " of little worth");
        while (ask(8, 3, Urgency.SOON)) {
            taken++;
        }
        assertTrue(taken < 10_000, taken + " in all");
        assertTrue(ask(9, 4, Urgency.NOW));
        gate.countDown();
        assertNotNull(pollFor(PATIENCE_NS));
        while (answered.size() < 3) {
            LockSupport.parkNanos(1_000_000);
        }
        assertEquals(List.of(1, 4, 2), List.copyOf(answered).subList(0, 3));
    }
}
