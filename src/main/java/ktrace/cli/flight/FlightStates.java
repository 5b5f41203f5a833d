package ktrace.cli.flight;

import java.util.Collection;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import ktrace.ctf.write.CtfRecording;
import ktrace.event.TraceCounters;
import ktrace.facts.StateSink;
import ktrace.facts.live.StateDump;

/**
 * Tells anew what is there whenever a flight recording is to begin a generation: what was told at the begin of the trace will be
 * dropped. On a thread of its own, since /proc can be slow.
 */
public final class FlightStates implements AutoCloseable {
    private final CtfRecording recording;
    private final Supplier<? extends Collection<Integer>> present;
    private final Supplier<? extends Collection<Integer>> watched;
    private final StateSink sink;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;

    /**
     * @param present whose state is to be told, asked each time: the observed, and nobody else
     * @param watched the same of those that are watched for their states alone; null where nobody is to be
     * @param counters this thread's own
     */
    public FlightStates(CtfRecording recording, int ownPid, TraceCounters counters, Supplier<? extends Collection<Integer>> present,
            Supplier<? extends Collection<Integer>> watched, StateSink sink) {
        this.recording = recording;
        this.present = present;
        this.watched = watched;
        this.sink = sink;
        recording.onGeneration(wanted::release);
        thread = Thread.ofPlatform().daemon().name("ktrace-states").start(() -> run(ownPid, counters));
    }

    private void run(int ownPid, TraceCounters counters) {
        try {
            while (true) {
                wanted.acquire();
                wanted.drainPermits();
                try (StateDump dump = new StateDump(ownPid, counters)) {
                    recording.stateFollows(System.nanoTime());
                    if (watched != null) {
                        dump.watch(watched.get(), sink);
                    }
                    Collection<Integer> tgids = present.get();
                    dump.dump(tgids, sink);
                    // That it was told of a second time tells a reader that its descriptors have been told of to the last.
                    tgids.forEach(tgid -> dump.process(tgid, sink));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
