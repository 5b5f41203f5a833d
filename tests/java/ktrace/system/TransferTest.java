package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * splice(2) and its like, from what may be empty to what may be full. A reads from 3 and puts into 6; B is at the other ends of
 * both, and of a pipe that A has nothing to do with.
 */
class TransferTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int SOFTIRQ = TraceEvent.FLAG_SOFT_INTERRUPT;

    private final Timeline line = Timeline.of(A, B);

    @BeforeEach
    void connect() {
        line.pipe(77, A, 3, B, 4);
        line.pipe(78, B, 5, A, 6);
        line.pipe(79, B, 7, B, 8);
        line.fd(A, 9, ObjectKind.DISK, "/f", 90, Timeline.O_RDWR);
        line.fd(A, 10, ObjectKind.TCP, "tcp 127.0.0.1:80→127.0.0.1:5001", 11, Timeline.O_RDWR, 12);
        line.fd(B, 11, ObjectKind.TCP, "tcp 127.0.0.1:5001→127.0.0.1:80", 12, Timeline.O_RDWR, 11);
    }

    /** What the thread waits for, as it is told when it is switched out. */
    private String waits(String call, long... args) {
        line.blocks(A, call, args);
        return line.event.waitsFor + " " + line.object();
    }

    @Test
    void whichOfTwoPipesIsNotKnownUntilSomebodyActs() {
        assertEquals("pipe pipe", waits("splice", 3, 0, 6, 0, 100));
        assertEquals("pipe pipe", waits("tee", 3, 6, 100));
    }

    @Test
    void whoFillsTheFirstEndsTheWaitForIt() {
        line.blocks(A, "splice", 3, 0, 6, 0, 100);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200) | pipe:[77] | p200(200)", line.wakes(B, A));
    }

    @Test
    void whoEmptiesTheSecondEndsTheWaitForThat() {
        line.blocks(A, "splice", 3, 0, 6, 0, 100);
        line.enter(B, "read", 5);
        assertEquals("object | p200(200) | pipe:[78] | p200(200)", line.wakes(B, A));
        line.exit(A, "splice", 100);
        line.blocks(A, "tee", 3, 6, 100);
        line.enter(B, "close", 5);
        assertEquals("object | p200(200) | pipe:[78] | -", line.wakes(B, A));
    }

    @Test
    void whoIsAtWorkOnAnotherPipeOrOnBothTellsNothing() {
        line.blocks(A, "splice", 3, 0, 6, 0, 100);
        line.enter(B, "write", 8);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        line.enter(B, "splice", 5, 0, 4, 0, 100);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void aPipeOfWhichTheNameWasLookedUpLateIsNoProofAgainstTheOther() {
        Timeline late = Timeline.of(A, B);
        late.call(A, "pipe", 0);
        late.call(A, "pipe", 0);
        late.fd(A, 3, ObjectKind.PIPE, "pipe:[77]", 77, Timeline.O_RDONLY);
        late.fd(A, 6, ObjectKind.PIPE, "pipe:[78]", 78, Timeline.O_WRONLY);
        late.fd(B, 5, ObjectKind.PIPE, "pipe:[78]", 78, Timeline.O_RDONLY);
        late.blocks(A, "splice", 3, 0, 6, 0, 100);
        late.enter(B, "read", 5);
        assertEquals("object | p200(200) | pipe:[78] | p200(200)", late.wakes(B, A));
    }

    @Test
    void aFileIsNeverWaitedForInsteadOfThePipe() {
        assertEquals("pipe pipe:[78]", waits("splice", 9, 0, 6, 0, 100));
        line.enter(B, "read", 5);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.exit(A, "splice", 100);
        assertEquals("pipe pipe:[77]", waits("splice", 3, 0, 9, 0, 100));
    }

    @Test
    void aFullSocketIsEmptiedByItsReaderInASoftirq() {
        assertEquals("tcp tcp 127.0.0.1:80→127.0.0.1:5001", waits("sendfile", 10, 9, 0, 100));
        line.enter(B, "recvfrom", 11);
        assertEquals("object | p200(200) | - | p200(200)", line.wakesIn(SOFTIRQ, B, B, A));
    }

    /** A pipe hears of no network. */
    @Test
    void ofSocketAndPipeAnInterruptEndsTheWaitForTheSocket() {
        assertEquals("poll poll", waits("splice", 10, 0, 6, 0, 100));
        assertEquals("interrupt | - | tcp 127.0.0.1:80→127.0.0.1:5001 | p200(200)", line.wakesIn(SOFTIRQ, 0, 0, A));
        line.exit(A, "splice", 100);
        line.blocks(A, "splice", 10, 0, 6, 0, 100);
        line.enter(B, "sendto", 11);
        assertEquals("object | p200(200) | tcp 127.0.0.1:80→127.0.0.1:5001 | p200(200)", line.wakesIn(SOFTIRQ, B, B, A));
        line.exit(A, "splice", 100);
        line.blocks(A, "splice", 10, 0, 6, 0, 100);
        line.enter(B, "read", 5);
        assertEquals("object | p200(200) | pipe:[78] | p200(200)", line.wakes(B, A));
    }
}
