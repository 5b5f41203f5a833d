package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.ObjectKind;
import org.junit.jupiter.api.Test;

/** What is waited for in io_getevents(2) lies in the program's memory: it is asked for. */
class LinuxAioTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final long CONTEXT = 0x7f0000001000L;
    private static final long LIST = 0x7ffe00001000L;
    private static final int PREAD = 0;
    private static final int POLL = 5;
    private static final int SOFTIRQ = 0x10;

    private final Timeline line = Timeline.of(A, B);

    private void submits(int count, int... blocks) {
        line.call(A, "io_submit", count, CONTEXT, count, LIST);
        for (int i = 0; i < blocks.length; i += 2) {
            line.push(EventType.FACT, 0, -1, new Fact.Submitted(A, CONTEXT, LIST, blocks[i], blocks[i + 1]));
        }
    }

    private String waits() {
        line.enter(A, "io_getevents", CONTEXT, 1, 1);
        line.switchTo(0, 1);
        return line.event.waitsFor + " | " + line.object() + " | " + line.peers();
    }

    private void reaps(int count) {
        line.exit(A, "io_getevents", count);
    }

    @Test
    void aPollWaitsForThePipe() {
        line.pipe(77, A, 3, B, 4);
        submits(1, POLL, 3);
        assertEquals("pipe | pipe:[77] | p200(200)", waits());
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        reaps(1);
        assertEquals("disk | - | -", waits());
    }

    @Test
    void aReadWaitsForTheFile() {
        line.fd(A, 3, ObjectKind.DISK, "/file", 9, 2);
        submits(2, PREAD, 3, PREAD, 3);
        assertEquals("disk | /file | -", waits());
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, 0, 0, A));
        reaps(1);
        assertEquals("disk | /file | -", waits());
    }

    @Test
    void ofDifferentOnesNoneIsKnownToBeTheOne() {
        line.pipe(77, A, 3, B, 4);
        line.fd(A, 5, ObjectKind.DISK, "/file", 9, 2);
        submits(2, POLL, 3, PREAD, 5);
        assertEquals("disk | - | -", waits());
        reaps(1);
        assertEquals("disk | - | -", waits());
        reaps(1);
        submits(1, PREAD, 5);
        assertEquals("disk | /file | -", waits());
    }

    /** Some of what is under way was submitted before, or could not be read: it may be anything. */
    @Test
    void whatWasNotToldMayBeAnything() {
        line.pipe(77, A, 3, B, 4);
        submits(1);
        submits(1, POLL, 3);
        assertEquals("disk | - | -", waits());
    }

    /** The answer has found it waiting: it has waited for that. */
    @Test
    void whatIsToldWhileItWaitsIsWhatItHasWaitedFor() {
        line.pipe(77, A, 3, B, 4);
        submits(1);
        assertEquals("disk | - | -", waits());
        line.push(EventType.FACT, 0, -1, new Fact.Submitted(A, CONTEXT, LIST, POLL, 3));
        assertEquals("pipe | pipe:[77] | p200(200)", line.event.waitsFor + " | " + line.object() + " | " + line.peers());
        assertEquals(A, line.event.thread.tid());
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    /** An answer that comes too late is about blocks that are done. */
    @Test
    void aLateAnswerIsPassedOver() {
        line.pipe(77, A, 3, B, 4);
        submits(1);
        waits();
        reaps(1);
        line.push(EventType.FACT, 0, -1, new Fact.Submitted(A, CONTEXT, LIST, POLL, 3));
        assertEquals("disk | - | -", waits());
        assertEquals(List.of(), line.event.peers);
    }
}
