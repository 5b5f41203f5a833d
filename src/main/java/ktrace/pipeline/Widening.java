package ktrace.pipeline;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntPredicate;
import ktrace.facts.StateSink;
import ktrace.facts.live.StateDump;

/**
 * Has those watched that are waited for, and puts what they are and do into the stream. On a thread of its own: the kernel takes
 * some milliseconds to find the threads of a process, and /proc can be slow.
 */
public final class Widening implements AutoCloseable {
    private static final long PATIENCE_MS = 1000;

    private final StateDump dump;
    private final IntPredicate watch;
    private final StateSink sink;
    private final LinkedBlockingQueue<Integer> awaited = new LinkedBlockingQueue<>();
    private Thread thread;

    /**
     * @param dump this one's alone
     * @param watch see {@link ktrace.event.Collector#watch}
     */
    public Widening(StateDump dump, IntPredicate watch, StateSink sink) {
        this.dump = dump;
        this.watch = watch;
        this.sink = sink;
    }

    /** From now on whoever is waited for is watched. */
    public void start() {
        dump.watch(List.of(), sink);
        thread = Thread.ofPlatform().daemon().name("ktrace-widen").start(this::run);
    }

    /** A process is waited for. Any thread. */
    public void isAwaited(int tgid) {
        awaited.add(tgid);
    }

    private void run() {
        try {
            while (true) {
                dump.watch(awaited.take(), watch, sink);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody more is watched: the collector may be closed. */
    @Override
    public void close() {
        dump.breakOff();
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(PATIENCE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
