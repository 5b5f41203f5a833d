package ktrace.pipeline;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import ktrace.facts.StateSink;
import ktrace.facts.live.StateDump;

/**
 * Looks at each process that has become another program, and puts its new arguments into the stream. On a thread of its own: /proc
 * can be slow.
 */
public final class ExecWatch {
    private final StateDump dump;
    private final StateSink sink;
    private final LinkedBlockingQueue<Integer> execed = new LinkedBlockingQueue<>();
    /** Who is in the queue: once is enough, so that no more wait there than there are numbers for processes. */
    private final Set<Integer> waiting = ConcurrentHashMap.newKeySet();

    public ExecWatch(StateDump dump, StateSink sink) {
        this.dump = dump;
        this.sink = sink;
    }

    /** A process has become another program. Any thread. */
    public void execed(int tgid) {
        if (waiting.add(tgid)) {
            execed.add(tgid);
        }
    }

    /** Begins to look; {@code dump} is this watch's alone from now on. */
    public void start() {
        Thread.ofPlatform().daemon().name("ktrace-exec").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                int tgid = execed.take();
                waiting.remove(tgid);
                dump.process(tgid, sink);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
