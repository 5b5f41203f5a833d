package ktrace.pipeline;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import ktrace.event.EventSource;
import ktrace.event.EventStamper;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.facts.Answers;

/**
 * The one thread that reads the kernel's rings: it waits for records, merges them, has them stamped, and carries them into the
 * Disruptor, round after round, until it is asked to stop; then it empties everything and ends the stream with an END event.
 *
 * <p>Where the stamper asks what must be known of an event first, the event is held up a moment, and the answers go before it: so
 * every reader, a recorder above all, sees them in the order in which they counted.
 */
final class Poller implements Runnable {
    /** How long to leave the stages when the Disruptor is full. */
    private static final long FULL_NS = 50_000;
    /** After how many events their room goes back to the kernel; power of two. A round can be as long as the rings are large. */
    private static final int RELEASE_EVENTS = 1024;
    /** What is left of the trace behind the last mark is no window of its own when it is less than that part of one. */
    private static final int LEAST_WINDOW = 10;

    private final EventSource source;
    private final ControlStream control;
    private final EventRing ring;
    private final EventStamper stamper;
    private final Answers answers;
    private final EventMerger merger;
    private final TraceCounters counters = new TraceCounters();
    private final StartGate gate;
    private final TraceEvent early = new TraceEvent();
    private final TraceEvent held = new TraceEvent();
    /** What /proc told before the trace began: it holds at its begin. */
    private final List<TraceEvent> states = new ArrayList<>();
    /** The kernel names a program shortly before it tells of the exec that the trace begins with. */
    private TraceEvent renamed;
    /** The call that the trace begins within, where its text is known; else null. */
    private TraceEvent described;
    private final Pace pace = new Pace();
    private Backlog backlog = new Backlog(() -> { }, () -> { });
    private final long intervalNs;
    private final List<TraceCounters> others;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean stopRequested;
    private boolean intervalsHeld;
    private long durationNs = Long.MAX_VALUE;
    private boolean started;
    private boolean stopping;
    private long startNs;
    private volatile boolean begun;
    private long nextMarkNs = Long.MAX_VALUE;
    private long events;
    private long syscallEvents;
    /** As of the latest round. */
    private volatile long syscallEventsTold;

    /**
     * @param intervalNs time between INTERVAL events, or 0 for none
     * @param gate tells with which event the stream begins
     */
    Poller(EventSource source, ControlStream control, EventRing ring, Stages stages, StartGate gate, long intervalNs) {
        this.source = source;
        this.control = control;
        this.ring = ring;
        this.stamper = stages.stamper();
        this.answers = stages.answers();
        this.gate = gate;
        this.intervalNs = intervalNs;
        this.others = stages.others();
        List<EventStream> streams = new ArrayList<>();
        streams.add(control);
        streams.addAll(source.streams());
        merger = new EventMerger(streams, counters);
    }

    /** Any thread. */
    boolean hasBegun() {
        return begun;
    }

    /** When the trace has begun. Any thread, once it {@link #hasBegun}. */
    long beginNs() {
        return startNs;
    }

    /** How many entries and exits of system calls there were. Any thread. */
    long syscallEvents() {
        return syscallEventsTold;
    }

    /** Asks for the end of the trace. Any thread. */
    void requestStop() {
        stopRequested = true;
        source.wake();
    }

    /** Has something done on the poller thread, soon, unless the trace ends first. Any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        source.wake();
    }

    /** No window ends before {@link #releaseIntervals}. Before the poller runs. */
    void holdIntervals() {
        intervalsHeld = true;
    }

    /** The trace is to end after so long: its last window ends with it. Before the poller runs. */
    void endsAfter(long ns) {
        durationNs = ns;
    }

    /** Before the poller runs. */
    void watches(Backlog ofRings) {
        backlog = ofRings;
    }

    /** Windows end from now on at the times at which they always would have. Poller thread. */
    void releaseIntervals() {
        intervalsHeld = false;
        if (started && intervalNs > 0) {
            mark(startNs + ((System.nanoTime() - startNs) / intervalNs + 1) * intervalNs);
        }
    }

    @Override
    public void run() {
        try {
            carryAll();
            if (!started) {
                start(gate.fallbackNs());
            }
        } catch (RuntimeException | Error e) {
            // What is known until here is told all the same.
            source.stop();
            end();
            throw e;
        }
        end();
    }

    private void carryAll() {
        boolean isLast = false;
        while (!isLast) {
            if (stopRequested) {
                stop();
            }
            isLast = stopping;
            if (!isLast) {
                backlog.begins(System.nanoTime());
            }
            for (Fact fact = answers.poll(); fact != null; fact = answers.poll()) {
                control.add(EventType.FACT, System.nanoTime(), 0, fact);
            }
            long completeNs = source.completeUntilNs();
            merger.refresh();
            carry(completeNs);
            syscallEventsTold = syscallEvents;
            merger.release();
            stamper.passes(completeNs);
            if (!isLast) {
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
            if (!stopping) {
                source.await(waitNs());
            }
        }
    }

    /** What comes from now on is no part of the trace, and no window ends that has not ended. */
    private void stop() {
        source.stop();
        stopping = true;
        mark(nextMarkNs);
    }

    /** The next window ends at {@code timeNs}, unless the trace does before, or soon after. */
    private void mark(long timeNs) {
        boolean isLast = stopping ? timeNs > source.endNs() : timeNs - startNs > durationNs - intervalNs / LEAST_WINDOW;
        nextMarkNs = isLast ? Long.MAX_VALUE : timeNs;
    }

    /** END needs no stamps: a stamper that has failed is not asked. */
    private void end() {
        source.countLost();
        fill(EventType.END, Math.max(source.endNs(), startNs), facts());
        ring.publish();
    }

    private long waitNs() {
        long nowNs = System.nanoTime();
        return Math.clamp(nextMarkNs - nowNs, 0, pace.nextWaitNs(nowNs));
    }

    /** Carries every event that is not later than {@code completeNs}, with an INTERVAL between those of two windows. */
    private void carry(long completeNs) {
        while (!started && merger.hasNext(completeNs)) {
            merger.take(early);
            if (gate.opensAt(early)) {
                merger.forget();
                start(early.timeNs);
                if (described != null) {
                    states.add(described);
                }
                states.add(early);
                if (renamed != null) {
                    states.add(renamed);
                }
                for (TraceEvent state : states) {
                    state.timeNs = startNs;
                    merger.place(state);
                    count(state);
                    TraceEvent slot = claim();
                    slot.copyFrom(state);
                    stamper.onEvent(slot);
                    carried();
                }
                states.clear();
            } else if (early.type == EventType.PROCESS_STATE || early.type == EventType.FD_STATE
                    || early.payload instanceof Fact.OfWatch) {
                states.add(copyOf(early));
            } else if (gate.renames(early)) {
                renamed = copyOf(early);
            } else if (gate.describes(early)) {
                described = copyOf(early);
            }
        }
        while (started) {
            long untilNs = Math.min(completeNs, nextMarkNs);
            while (merger.hasNext(untilNs)) {
                TraceEvent slot = claim();
                merger.take(slot);
                if (stamper.asksBefore(slot)) {
                    slot = answersBefore(slot);
                }
                stamper.onEvent(slot);
                pace.saw(slot);
                count(slot);
                carried();
            }
            if (pace.isBusy()) {
                ring.publish();
            }
            if (completeNs < nextMarkNs || nextMarkNs > System.nanoTime()) {
                return;
            }
            source.countLost();
            put(EventType.INTERVAL, nextMarkNs, facts());
            ring.publish();
            scheduleMark();
        }
    }

    /** Puts the answers that come within a moment before {@code event}, which then stands in another slot. */
    private TraceEvent answersBefore(TraceEvent event) {
        answers.await();
        Fact fact = answers.poll();
        if (fact == null) {
            return event;
        }
        held.copyFrom(event);
        merger.makeRoomBefore(held);
        TraceEvent slot = event;
        for (; fact != null; fact = answers.poll()) {
            slot.become(EventType.FACT, held.timeNs, fact);
            stamper.onEvent(slot);
            carried();
            slot = claim();
        }
        slot.copyFrom(held);
        return slot;
    }

    private static TraceEvent copyOf(TraceEvent event) {
        TraceEvent copy = new TraceEvent();
        copy.copyFrom(event);
        return copy;
    }

    private void count(TraceEvent event) {
        if (event.type == EventType.SYS_ENTER || event.type == EventType.SYS_EXIT) {
            syscallEvents++;
        }
    }

    private void carried() {
        events++;
        ring.filled();
        if ((events & RELEASE_EVENTS - 1) == 0) {
            merger.release();
            backlog.goesOn(System.nanoTime());
            if (stopRequested && !stopping) {
                stop();
            }
        }
    }

    private void start(long timeNs) {
        started = true;
        startNs = timeNs;
        begun = true;
        pace.begins(System.nanoTime());
        if (intervalNs > 0 && !intervalsHeld) {
            mark(startNs + intervalNs);
        }
        put(EventType.START, startNs, null);
    }

    /** The next mark that is not over already: when the reader was late, windows are joined. */
    private void scheduleMark() {
        long next = nextMarkNs + intervalNs;
        long late = Math.max(0, (System.nanoTime() - next) / intervalNs);
        if (late > 0) {
            counters.add(TraceCounter.WINDOWS_SKIPPED, late);
        }
        mark(next + late * intervalNs);
    }

    /** Puts an event of its own into the stream, where its time belongs. */
    private void put(EventType type, long timeNs, Object payload) {
        stamper.onEvent(fill(type, timeNs, payload));
        ring.filled();
    }

    private TraceEvent fill(EventType type, long timeNs, Object payload) {
        TraceEvent slot = claim();
        slot.become(type, timeNs, payload);
        slot.number = type == EventType.START && !source.capabilities().scheduler() ? 1 : 0;
        merger.place(slot);
        return slot;
    }

    private WindowFacts facts() {
        return new WindowFacts(startNs, events, syscallEvents, nonZero(), source.lostOnCpu());
    }

    private TraceEvent claim() {
        TraceEvent slot = ring.claim();
        while (slot == null) {
            if (ring.isBroken()) {
                throw new IllegalStateException("a reader of events is no more");
            }
            merger.release();
            LockSupport.parkNanos(FULL_NS);
            slot = ring.claim();
        }
        return slot;
    }

    private Map<TraceCounter, Long> nonZero() {
        Map<TraceCounter, Long> values = new EnumMap<>(TraceCounter.class);
        for (TraceCounter counter : TraceCounter.values()) {
            long value = counters.get(counter) + source.counters().get(counter)
                    + others.stream().mapToLong(other -> other.get(counter)).sum();
            if (value != 0) {
                values.put(counter, value);
            }
        }
        return values;
    }
}
