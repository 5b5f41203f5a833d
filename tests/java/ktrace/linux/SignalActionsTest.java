package ktrace.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalActionsTest {
    /** asm-generic/signal.h. */
    private static final int SIGWINCH = 28;

    @Test
    void runsAtEachSignal() throws InterruptedException {
        Semaphore received = new Semaphore(0);
        assertTrue(SignalActions.on("WINCH", received::release));
        for (int i = 0; i < 3; i++) {
            Processes.kill(Processes.getpid(), SIGWINCH);
            assertTrue(received.tryAcquire(10, TimeUnit.SECONDS), "signal " + i);
        }
    }

    @Test
    void theNewestActionIsRun() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(1);
        Semaphore first = new Semaphore(0);
        assertTrue(SignalActions.on("WINCH", first::release));
        assertTrue(SignalActions.on("WINCH", second::countDown));
        Processes.kill(Processes.getpid(), SIGWINCH);
        assertTrue(second.await(10, TimeUnit.SECONDS));
        assertFalse(first.tryAcquire());
    }

    @Test
    void someAreTheJvmsOwn() {
        assertFalse(SignalActions.on("SEGV", () -> { }));
        assertFalse(SignalActions.on("KILL", () -> { }));
        assertFalse(SignalActions.on("NONE", () -> { }));
    }
}
