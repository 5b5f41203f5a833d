package ktrace.linux.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import ktrace.linux.Processes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HasteTest {
    private final int usual = Haste.usualNice();

    @AfterEach
    void calm() {
        Haste.end();
    }

    private static int niceOfNewThread() throws Exception {
        CompletableFuture<Integer> nice = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> nice.complete(Processes.niceOf(0)));
        return nice.get();
    }

    @Test
    void whoHastensIsCalmAgainAtTheEndAndOthersAreWhatTheyWere() throws Exception {
        assumeTrue(Processes.geteuid() == 0, "needs root, to come before others");
        CompletableFuture<Integer> chosen = new CompletableFuture<>();
        CompletableFuture<Boolean> ask = new CompletableFuture<>();
        Thread chooser = Thread.ofPlatform().start(() -> {
            Processes.setThreadNice(-5);
            ask.join();
            chosen.complete(Processes.niceOf(0));
        });
        Haste.begin();
        assertTrue(Processes.niceOf(0) < usual);
        assertEquals(Processes.niceOf(0), niceOfNewThread());
        Haste.end();
        assertEquals(usual, Processes.niceOf(0));
        assertEquals(usual, niceOfNewThread());
        Haste.toTheEnd();
        assertTrue(Processes.niceOf(0) < usual);
        assertEquals(usual, Haste.usualNice(), "the first thread tells what was");
        Haste.end();
        ask.complete(true);
        assertEquals(-5, chosen.get());
        chooser.join();
    }
}
