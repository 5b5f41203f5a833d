package ktrace.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import ktrace.event.EventType;
import ktrace.event.TraceCounter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the windows of a trace end, and where they do not. */
@Timeout(60)
class TraceWindowsTest extends SessionTest {
    /**
     * <pre>
     * window   |---------|---------|---------|
     * CPU_0    s    a    b c                d
     * </pre>
     * b is at the very end of the first window, c right behind it.
     */
    @Test
    void intervalsEndBetweenTheirEvents() throws InterruptedException {
        long interval = 40_000_000;
        long base = System.nanoTime();
        FakeSource source = new FakeSource(new ListStream(0, base, base + interval / 2, base + interval, base + interval + 1,
                base + 3 * interval - 1));
        for (int i = 0; i < 40; i++) {
            source.steps.add(() -> LockSupport.parkNanos(4_000_000));
        }
        run(source, 0, base, interval);
        List<Seen> marks = of(EventType.INTERVAL);
        long skipped = seen.getLast().facts().counters().getOrDefault(TraceCounter.WINDOWS_SKIPPED, 0L);
        assertEquals(base + interval, marks.getFirst().timeNs());
        assertEquals((marks.getLast().timeNs() - base) / interval, marks.size() + skipped);
        long last = 0;
        for (Seen event : seen) {
            assertTrue(event.timeNs() >= last, "time goes back at " + event);
            last = event.timeNs();
        }
        for (Seen mark : marks) {
            assertEquals(0, (mark.timeNs() - base) % interval, "a mark off its time");
            int index = seen.indexOf(mark);
            assertTrue(seen.subList(0, index).stream().allMatch(event -> event.timeNs() <= mark.timeNs()));
            assertTrue(seen.subList(index + 1, seen.size()).stream().allMatch(event -> event.timeNs() > mark.timeNs()));
        }
        assertEquals(3, marks.getFirst().facts().events());
        assertTrue(marks.size() >= 2);
    }

    /** It takes long until all is read that was recorded until then. */
    @Test
    void noWindowEndsAfterTheTraceHas() throws InterruptedException {
        long base = System.nanoTime();
        FakeSource source = new FakeSource(new ListStream(0, base, base + 1));
        source.complete = () -> base - 1;
        try (TraceSession session = session(source, event -> LockSupport.parkNanos(50_000_000), List.of(collect),
                new StartGate(0, base), 1_000_000)) {
            source.steps.add(session::requestStop);
            session.start();
            session.awaitEnd();
        }
        assertTrue(of(EventType.INTERVAL).stream().allMatch(mark -> mark.timeNs() <= source.endNs), seen::toString);
        assertEquals(source.endNs, seen.getLast().timeNs());
    }

    /**
     * <pre>
     * window   |---------|-----------|
     *          0        20          41 ms, when the trace is to end
     * </pre>
     */
    @Test
    void theLastWindowTakesInWhatLittleIsLeft() throws InterruptedException {
        long interval = 20_000_000;
        long base = System.nanoTime();
        FakeSource source = new FakeSource(new ListStream(0, base));
        try (TraceSession session = session(source, event -> { }, List.of(collect), new StartGate(0, base), interval)) {
            session.endsAfter(interval * 2 + interval / 20);
            for (int i = 0; i < 25; i++) {
                source.steps.add(() -> LockSupport.parkNanos(4_000_000));
            }
            source.steps.add(session::requestStop);
            session.start();
            session.awaitEnd();
        }
        assertEquals(List.of(base + interval), of(EventType.INTERVAL).stream().map(Seen::timeNs).toList());
    }

    /** What takes place before intervals are released all belongs to the first window, which ends where one always would have. */
    @Test
    void heldIntervalsAreOneWindow() throws InterruptedException {
        long interval = 20_000_000;
        long base = System.nanoTime();
        FakeSource source = new FakeSource(new ListStream(0, base, base + 2 * interval));
        AtomicInteger marksWhileHeld = new AtomicInteger(-1);
        try (TraceSession session = session(source, event -> { }, List.of(collect), new StartGate(0, base), interval)) {
            for (int i = 0; i < 20; i++) {
                source.steps.add(() -> LockSupport.parkNanos(4_000_000));
            }
            source.steps.add(() -> {
                marksWhileHeld.set(of(EventType.INTERVAL).size());
                session.releaseIntervals();
            });
            for (int i = 0; i < 20; i++) {
                source.steps.add(() -> LockSupport.parkNanos(4_000_000));
            }
            source.steps.add(session::requestStop);
            session.holdIntervals();
            session.start();
            session.awaitEnd();
        }
        assertEquals(0, marksWhileHeld.get());
        Seen first = of(EventType.INTERVAL).getFirst();
        assertTrue(first.timeNs() >= base + 3 * interval, "ended at " + (first.timeNs() - base));
        assertEquals(0, (first.timeNs() - base) % interval);
        assertEquals(2, first.facts().events());
    }

    /** The reader comes a second late to a trace with windows of 100 ms: one mark in time, the others joined and counted. */
    @Test
    void windowsThatAreOverAreJoined() throws InterruptedException {
        long interval = 100_000_000;
        long base = System.nanoTime() - 1_050_000_000;
        run(new FakeSource(new ListStream(0, base, base + 150_000_000, base + 990_000_000)), 0, base, interval);
        List<Seen> marks = of(EventType.INTERVAL);
        assertEquals(base + interval, marks.getFirst().timeNs());
        long skipped = seen.getLast().facts().counters().get(TraceCounter.WINDOWS_SKIPPED);
        assertEquals((marks.getLast().timeNs() - base) / interval, marks.size() + skipped);
        assertTrue(skipped >= 8, "skipped " + skipped);
        assertEquals(3, seen.getLast().facts().events());
    }
}
