package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is said to have ended a call where no scheduler is seen. */
class TouchesTest {
    private static final int A = 100;
    private static final int B = 200;
    private final Timeline line = Timeline.of(A, B);

    @BeforeEach
    void noSchedulerIsSeen() {
        line.event.number = 1;
        line.push(EventType.START, 0, -1, null);
        line.pipe(77, A, 3, B, 4);
    }

    /**
     * <pre>
     * A  read(3)==============| = 1
     * B          write(4)-----+--|
     * </pre>
     */
    @Test
    void aWriterThatIsStillAtItLetTheReaderOn() {
        line.enter(A, "read", 3);
        line.enter(B, "write", 4);
        assertEquals("object | p200(200)", leaves(A, "read", 1));
        assertEquals("none | -", leaves(B, "write", 1));
    }

    @Test
    void aWriterThatReturnedWithinTheWaitLetTheReaderOn() {
        line.enter(A, "read", 3);
        line.call(B, "write", 1, 4);
        assertEquals("object | p200(200)", leaves(A, "read", 1));
    }

    @Test
    void aWriterBeforeTheCallEndsNoWait() {
        line.call(B, "write", 1, 4);
        line.enter(A, "read", 3);
        assertEquals("none | -", leaves(A, "read", 1));
    }

    @Test
    void aFailedWriteLetsNobodyOn() {
        line.enter(A, "read", 3);
        line.call(B, "write", -11, 4);
        assertEquals("none | -", leaves(A, "read", 0));
    }

    @Test
    void aCallOnAnotherPipeSaysNothing() {
        line.pipe(78, A, 5, B, 6);
        line.enter(A, "read", 3);
        line.call(B, "write", 1, 6);
        assertEquals("none | -", leaves(A, "read", 1));
    }

    @Test
    void aUnixSocketsOtherEndIsTheOneThatCounts() {
        line.fd(A, 7, ObjectKind.UNIX, "socket:[1]", 1, Timeline.O_RDWR, 2);
        line.fd(B, 8, ObjectKind.UNIX, "socket:[2]", 2, Timeline.O_RDWR, 1);
        line.enter(A, "recvfrom", 7);
        line.call(B, "sendto", 5, 8);
        assertEquals("object | p200(200)", leaves(A, "recvfrom", 5));
    }

    private String leaves(int tid, String syscall, long result) {
        line.exit(tid, syscall, result);
        return String.join(" | ", java.util.Arrays.copyOf(line.wake().split(" \\| "), 2));
    }
}
