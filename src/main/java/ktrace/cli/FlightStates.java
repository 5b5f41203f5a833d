package ktrace.cli;

import java.util.Collection;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import ktrace.event.TraceCounters;
import ktrace.system.StateDump;
import ktrace.system.StateSink;

/**
 * Tells anew what is there whenever a flight recording begins a generation: what was told at the begin of the trace will be dropped.
 * On a thread of its own, since /proc can be slow.
 */
final class FlightStates implements AutoCloseable {
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread;

    /** @param present whose state is to be told, asked each time */
    FlightStates(int ownPid, TraceCounters counters, Supplier<? extends Collection<Integer>> present, StateSink sink) {
        thread = Thread.ofPlatform().daemon().name("ktrace-states").start(() -> run(ownPid, counters, present, sink));
    }

    /** A generation has begun. Any thread. */
    void tellAgain() {
        wanted.release();
    }

    private void run(int ownPid, TraceCounters counters, Supplier<? extends Collection<Integer>> present, StateSink sink) {
        try {
            while (true) {
                wanted.acquire();
                wanted.drainPermits();
                try (StateDump dump = new StateDump(ownPid, counters)) {
                    dump.dump(present.get(), sink);
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
