package ktrace.facts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;

/**
 * Looks for holders on a thread of its own: going through /proc takes up to seconds on a large machine, and the tracker must not
 * wait. Whoever asks gets what the last scan found, and asks again later. Scans take at most a twentieth of one CPU.
 */
final class HolderFinder implements AutoCloseable {
    private static final int SHARE = 20;
    private static final long PAUSE_NS = 100_000_000L;
    private static final int LIMIT = 4096;

    private record Wanted(ObjectKind kind, long key, String name) {
    }

    private final String procRoot;
    private final int ownTgid;
    private final LongSupplier clockNs;
    private final BlockingQueue<KernelObject> questions = new LinkedBlockingQueue<>(LIMIT);
    private final Map<Wanted, List<FdSnapshot>> answers = new ConcurrentHashMap<>();
    private Thread thread;

    HolderFinder(String procRoot, int ownTgid, LongSupplier clockNs) {
        this.procRoot = procRoot;
        this.ownTgid = ownTgid;
        this.clockNs = clockNs;
    }

    /** What is known by now; the first question about an object is answered with an empty list, and starts a search. */
    List<FdSnapshot> holders(KernelObject object) {
        List<FdSnapshot> answer = answers.remove(wanted(object));
        if (answer != null) {
            return answer;
        }
        if (thread == null) {
            thread = Thread.ofPlatform().daemon().name("ktrace-holders").start(this::search);
        }
        // A full queue is as good as a search that has found nothing: the tracker asks again.
        questions.offer(object);
        return List.of();
    }

    private void search() {
        ProcFs proc = new ProcFs(procRoot);
        try (SocketTable sockets = new SocketTable(proc, ownTgid, clockNs)) {
            FdReader reader = new FdReader(proc, sockets);
            List<KernelObject> batch = new ArrayList<>();
            while (true) {
                batch.clear();
                batch.add(questions.take());
                questions.drainTo(batch);
                long startNs = clockNs.getAsLong();
                answer(proc, reader, batch);
                long tookNs = clockNs.getAsLong() - startNs;
                Thread.sleep(Duration.ofNanos(Math.max(PAUSE_NS, SHARE * tookNs)));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(ProcFs proc, FdReader reader, List<KernelObject> batch) {
        HolderScan scan = new HolderScan(proc, reader);
        batch.forEach(scan::want);
        List<FdSnapshot> found = scan.scan(tgid -> tgid != ownTgid);
        if (answers.size() > LIMIT) {
            answers.clear();
        }
        for (KernelObject object : batch) {
            List<FdSnapshot> holders = found.stream().filter(s -> s.object().key() == object.key()).toList();
            if (!holders.isEmpty()) {
                answers.put(wanted(object), holders);
            }
        }
    }

    private static Wanted wanted(KernelObject object) {
        return new Wanted(object.kind(), object.key(), object.name());
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
