package ktrace.kernel;

import java.util.concurrent.CyclicBarrier;

/** A Java program of its own: {@code jvm-worker} waits for a monitor that {@code jvm-holder} has most of the time. */
final class LockedThreads {
    private static final int ROUNDS = 20;
    private static final int HELD_MS = 10;
    private static final Object LOCK = new Object();

    private LockedThreads() {
    }

    public static void main(String[] arguments) throws Exception {
        CyclicBarrier held = new CyclicBarrier(2);
        CyclicBarrier over = new CyclicBarrier(2);
        long[] waitedNs = new long[1];
        Thread holder = Thread.ofPlatform().name("jvm-holder").start(() -> rounds(() -> {
            synchronized (LOCK) {
                held.await();
                Thread.sleep(HELD_MS);
            }
            over.await();
        }));
        Thread worker = Thread.ofPlatform().name("jvm-worker").start(() -> rounds(() -> {
            held.await();
            long beginNs = System.nanoTime();
            synchronized (LOCK) {
                waitedNs[0] += System.nanoTime() - beginNs;
            }
            over.await();
        }));
        holder.join();
        worker.join();
        System.out.println("{\"pid\":" + ProcessHandle.current().pid() + ",\"waitedNs\":" + waitedNs[0] + "}");
    }

    private interface Round {
        void run() throws Exception;
    }

    private static void rounds(Round round) {
        try {
            for (int i = 0; i < ROUNDS; i++) {
                round.run();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
