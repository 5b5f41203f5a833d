package ktrace.bpf.kernel;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that another thread does while its caller does something else: most of what it takes to begin is time in the kernel.
 *
 * @param <T> what comes of it
 */
public final class Meanwhile<T> implements AutoCloseable {
    private final FutureTask<T> task;

    private Meanwhile(Callable<T> what) {
        task = new FutureTask<>(what);
    }

    /** Begins. */
    public static Meanwhile<?> start(String thread, Runnable what) {
        return start(thread, () -> {
            what.run();
            return null;
        });
    }

    /** Begins. */
    public static <T> Meanwhile<T> start(String thread, Callable<T> what) {
        Meanwhile<T> meanwhile = new Meanwhile<>(what);
        Thread.ofPlatform().daemon().name(thread).start(meanwhile.task);
        return meanwhile;
    }

    /** What came of it, as soon as it is done; fails as it failed. */
    public T get() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits until it is done: what it works on may be closed then. */
    @Override
    public void close() {
        try {
            get();
        } catch (RuntimeException failed) {
            // Whoever wanted to know has asked.
        }
    }
}
