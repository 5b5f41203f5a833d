package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** A waker that is not traced, of which the kernel tells what it is doing: evidence is an object only where that is known. */
class OutsideCallTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int OUTSIDER = 300;
    private static final int PIPE = 0010600;
    private static final int SOCKET = 0140777;
    private static final int FILE = 0100644;
    private static final int O_RDWR = 2;

    private final Timeline line = Timeline.of(A, B);

    @Test
    void aWriterToThePipe() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        assertEquals("object | t300(300) | - | p200(200)", line.wakesInCall(0, OUTSIDER, "write", 9, 77, PIPE, A));
    }

    @Test
    void onAnotherPipeItIsOnlyTheWaker() {
        line.pipe(77, A, 3, B, 4);
        line.pipe(78, A, 5, B, 6);
        line.blocks(A, "read", 3);
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesInCall(0, OUTSIDER, "write", 9, 78, PIPE, A));
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesInCall(0, OUTSIDER, "write", 9, 99, PIPE, A));
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesInCall(0, OUTSIDER, "write", 9, 0, 0, A));
    }

    /** Only the inodes of pipes and sockets say what they are by themselves. */
    @Test
    void aFileWithThatNumberIsAnother() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesInCall(0, OUTSIDER, "write", 9, 77, FILE, A));
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesInCall(0, OUTSIDER, "write", 9, 77, SOCKET, A));
    }

    /** Its first argument is the number of a process, or an address: that a descriptor has the same one means nothing. */
    @Test
    void aCallThatIsOnNoDescriptorIsOnNoFile() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        for (String call : new String[] {"kill", "munmap", "futex", "exit_group", "getppid", "openat", "rt_sigqueueinfo"}) {
            assertEquals("waker | t300(300) | - | p200(200)", line.wakesInCall(0, OUTSIDER, call, 9, 77, PIPE, A), call);
        }
    }

    @Test
    void theOtherEndOfASocket() {
        line.fd(A, 3, ObjectKind.UNIX, "unix socket:[81]", 81, O_RDWR, 82);
        line.blocks(A, "recvfrom", 3);
        assertEquals("object", line.wakesInCall(0, OUTSIDER, "sendto", 9, 82, SOCKET, A).split(" ")[0]);
        line.blocks(A, "recvfrom", 3);
        assertEquals("waker", line.wakesInCall(0, OUTSIDER, "sendto", 9, 83, SOCKET, A).split(" ")[0]);
    }

    /** In an interrupt it need not be its doing, unless what it sends is delivered so. */
    @Test
    void inAnInterruptAPipeIsWokenByNobodyWhoWrites() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        String wake = line.wakesInCall(TraceEvent.FLAG_HARD_INTERRUPT, OUTSIDER, "write", 9, 77, PIPE, A);
        assertEquals("interrupt", wake.split(" ")[0]);
    }

    /** What it did is not kept: the next time it says so again, or is only the waker. */
    @Test
    void nothingStaysOfIt() {
        line.pipe(77, A, 3, B, 4);
        line.blocks(A, "read", 3);
        line.wakesInCall(0, OUTSIDER, "write", 9, 77, PIPE, A);
        line.blocks(A, "read", 3);
        line.run(OUTSIDER);
        assertEquals("waker | t300(300) | - | p200(200)", line.wakesIn(0, OUTSIDER, OUTSIDER, A));
    }
}
