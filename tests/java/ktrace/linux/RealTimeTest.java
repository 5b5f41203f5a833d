package ktrace.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RealTimeTest {
    private final int usual = Processes.niceOf(0);

    @AfterEach
    void calm() {
        Processes.setUsual(0, usual);
    }

    /** The field of this number in proc_pid_stat(5). */
    private static int field(int number) throws IOException {
        String stat = Files.readString(Path.of("/proc/self/task/" + Processes.gettid() + "/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[number - 3]);
    }

    private static int policy() throws IOException {
        return field(41);
    }

    private static int ofNewThread(Callable<Integer> value) throws Exception {
        FutureTask<Integer> task = new FutureTask<>(value);
        Thread.ofPlatform().start(task);
        return task.get();
    }

    @Test
    void theThreadComesFirstThoseThatItStartsDoNotAndItIsTakenBack() throws Exception {
        assumeTrue(Processes.geteuid() == 0, "needs root, to run in real time");
        assertTrue(Processes.setRealTime(Processes.gettid()));
        assertEquals(1, policy());
        assertEquals(1, field(40), "the lowest priority of its kind");
        assertEquals(0, ofNewThread(RealTimeTest::policy));
        Processes.setUsual(Processes.gettid(), -3);
        assertEquals(0, policy());
        assertEquals(-3, Processes.niceOf(0));
        assertEquals(-3, ofNewThread(() -> Processes.niceOf(0)), "threads are again what starts them");
    }
}
