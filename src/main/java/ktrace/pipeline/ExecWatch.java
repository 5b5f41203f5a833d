package ktrace.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;
import ktrace.facts.StateSink;
import ktrace.facts.live.StateDump;

/**
 * Looks at each process that has become another program: puts its new arguments into the stream, and has those attached to again
 * that changed their user, because the kernel takes the events of such a process away (kernel/events/core.c,
 * {@code perf_event_exec}; fs/exec.c, {@code begin_new_exec}). On a thread of its own: /proc can be slow.
 */
public final class ExecWatch {
    private final StateDump dump;
    private final StateSink sink;
    private final IntConsumer attachAgain;
    private final LinkedBlockingQueue<Integer> execed = new LinkedBlockingQueue<>();
    /** Who is in the queue: once is enough, so that no more wait there than there are numbers for processes. */
    private final Set<Integer> waiting = ConcurrentHashMap.newKeySet();

    /** @param attachAgain given the number of a process whose events may be gone */
    public ExecWatch(StateDump dump, StateSink sink, IntConsumer attachAgain) {
        this.dump = dump;
        this.sink = sink;
        this.attachAgain = attachAgain;
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
                if (hasChangedUser(tgid)) {
                    attachAgain.accept(tgid);
                }
                dump.process(tgid, sink);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether real and effective user or group differ: then the program was set-user-ID or set-group-ID (proc_pid_status(5)). */
    private static boolean hasChangedUser(int tgid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + tgid + "/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith("Uid:") || line.startsWith("Gid:")) {
                    String[] ids = line.split("\\s+");
                    if (!ids[1].equals(ids[2])) {
                        return true;
                    }
                }
            }
        } catch (IOException e) {
            // It has ended since: nothing is left to attach to.
            return false;
        }
        return false;
    }
}
