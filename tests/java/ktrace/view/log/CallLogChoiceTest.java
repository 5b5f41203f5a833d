package ktrace.view.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ktrace.decode.ArgumentNames;
import ktrace.decode.DecodeOptions;
import ktrace.decode.calls.CallSet;
import ktrace.event.EventType;
import ktrace.event.ProcessSnapshot;
import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import org.junit.jupiter.api.Test;

/** Which calls are shown, and in what form. */
class CallLogChoiceTest extends LoggedCalls {
    @Test
    void onlyTheCallsAskedForAreShown() {
        with(CallSet.parse("read,%network"), 0, false);
        for (String name : List.of("read", "write", "connect", "getpid")) {
            log.onEvent(enter(0, name, 1));
            log.onEvent(exit(0, name, 0));
        }
        String text = text();
        assertTrue(text.contains("read(") && text.contains("connect("), text);
        assertEquals(2, text.lines().count(), text);
    }

    @Test
    void onlyLongOrFailedCallsWhenAskedFor() {
        with(CallSet.ALL, 10 * MS, false);
        log.onEvent(enter(0, "getpid"));
        log.onEvent(exit(10 * MS, "getpid", 1));
        log.onEvent(enter(20 * MS, "getuid"));
        log.onEvent(exit(30 * MS + 1, "getuid", 1));
        assertEquals("14:03:22.020000 1234 ?  getuid() = 1 <0.010000>\n", text());
        bytes.reset();
        with(CallSet.ALL, 0, true);
        log.onEvent(enter(0, "getpid"));
        log.onEvent(exit(MS, "getpid", 1));
        log.onEvent(enter(20 * MS, "close", 77));
        log.onEvent(exit(20 * MS, "close", -9));
        log.onEvent(enter(30 * MS, "pause"));
        assertEquals("14:03:22.020000 1234 ?  close(77) = -1 EBADF (Bad file descriptor) <0.000000>\n", text());
    }

    private void threeCalls() {
        TraceEvent read = enter(0, "read", 3, 0x10, 1);
        read.object = PASSWD;
        log.onEvent(read);
        log.onEvent(exit(1000, "read", 1));
        log.onEvent(enter(2000, "close", 77));
        log.onEvent(exit(3000, "close", -9));
        TraceEvent open = enter(4000, "openat", -100, 0x1000, 0);
        open.payload = "openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY";
        log.onEvent(open);
        log.onEvent(exit(5000, "openat", 3));
    }

    @Test
    void onlyCallsThatSucceeded() {
        with(new LineChoice(true, List.of(), 0, LineChoice.Time.MICROS, false, false));
        threeCalls();
        log.onEvent(enter(6000, "pause"));
        assertEquals(2, text().lines().count(), bytes.toString(StandardCharsets.UTF_8));
        assertTrue(text().lines().noneMatch(line -> line.contains("EBADF")));
    }

    @Test
    void onlyCallsOnAPath() {
        with(new LineChoice(false, List.of("/etc/passwd"), 0, LineChoice.Time.MICROS, false, false));
        threeCalls();
        String text = text();
        assertTrue(text.contains(" read(3</etc/passwd>") && text.contains(" openat("), text);
        assertEquals(2, text.lines().count(), text);
    }

    @Test
    void afterSoManyCallsTheTraceEnds() {
        AtomicInteger asked = new AtomicInteger();
        with(new LineChoice(false, List.of(), 2, LineChoice.Time.MICROS, false, false));
        log.onQuit(asked::incrementAndGet);
        threeCalls();
        assertEquals(1, asked.get());
        assertEquals(2, text().lines().count());
    }

    @Test
    void timesAreWrittenAsAskedFor() {
        with(new LineChoice(false, List.of(), 1, LineChoice.Time.SECONDS, false, false));
        threeCalls();
        with(new LineChoice(false, List.of(), 1, LineChoice.Time.EPOCH, false, false));
        threeCalls();
        with(new LineChoice(false, List.of(), 1, LineChoice.Time.EPOCH, true, false));
        threeCalls();
        assertEquals("14:03:22 1234 cat  read(3</etc/passwd>, 0x10, 1) = 1 <0.000001>\n"
                + "1234 50602.000000 read(3</etc/passwd>, 0x10, 1) = 1 <0.000001>\n"
                + "1234<cat> 50602.000000 read(3</etc/passwd>, 0x10, 1) = 1 <0.000001>\n", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void tasksAreNamedInCallsWhereAskedFor() {
        log = new CallLog(bytes, new CallLogOptions(Abi.current(), CallSet.ALL, 0, false, new DecodeOptions(32, 0, true),
                ArgumentNames.UNKNOWN, ZoneOffset.UTC, OFFSET_NS, false, new LineChoice(false, List.of(), 0, LineChoice.Time.MICROS,
                true, false)));
        named("cat");
        log.onEvent(enter(1000, "kill", 1234, 15));
        log.onEvent(exit(2000, "kill", 0));
        TraceEvent apart = event(EventType.PROCESS_STATE, 3000);
        apart.payload = new ProcessSnapshot(1234, 1, "cat", "cat", 2, true);
        log.onEvent(apart);
        // In a namespace of its own the number is somebody else's.
        log.onEvent(enter(4000, "kill", 1234, 15));
        log.onEvent(exit(5000, "kill", 0));
        assertEquals("14:03:22.000001 1234 cat  kill(1234<cat>, SIGTERM) = 0 <0.000001>\n"
                + "14:03:22.000004 1234 cat  kill(1234, SIGTERM) = 0 <0.000001>\n", text());
    }

    @Test
    void coloursShowTheCallAndTheError() {
        with(new LineChoice(false, List.of(), 2, LineChoice.Time.MICROS, false, true));
        threeCalls();
        String text = text();
        assertTrue(text.contains("cat  \u001b[1mread\u001b[m(3</etc/passwd>"), text);
        assertTrue(text.contains(") = \u001b[31m-1 EBADF (Bad file descriptor) <0.000001>\u001b[m\n"), text);
    }
}
