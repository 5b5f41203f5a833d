package ktrace.bpf.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MeanwhileTest {
    @Test
    void itIsDoneWhileTheCallerGoesOn() {
        CountDownLatch goneOn = new CountDownLatch(1);
        try (Meanwhile<Integer> meanwhile = Meanwhile.start("meanwhile", () -> {
            goneOn.await();
            return 7;
        })) {
            goneOn.countDown();
            assertEquals(7, meanwhile.get());
        }
    }

    @Test
    void itFailsAsItWouldHaveFailedHere() {
        BpfException refused = new BpfException("refused");
        try (Meanwhile<?> meanwhile = Meanwhile.start("meanwhile", () -> {
            throw refused;
        })) {
            assertSame(refused, assertThrows(BpfException.class, meanwhile::get));
        }
    }

    @Test
    void whoeverGivesItUpWaitsUntilItIsDone() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread.currentThread().interrupt();
        Meanwhile.start("meanwhile", () -> done.set(true)).close();
        assertTrue(done.get());
        assertTrue(Thread.interrupted(), "that somebody wants the thread is not forgotten");
    }
}
