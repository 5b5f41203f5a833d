package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.FdSnapshot;
import ktrace.event.ObjectKind;
import org.junit.jupiter.api.Test;

/** Who puts something into a unix socket waits for what is full: its own buffer, the queue of the receiver, or of who accepts. */
class FullSocketsTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int C = 300;
    private static final int SOCK_DGRAM = 2;

    private final Timeline line = Timeline.of(A, B, C);

    private void receiver() {
        line.fd(B, 4, ObjectKind.UNIX, "unix /dev/log", 20, Timeline.O_RDWR);
    }

    @Test
    void aDatagramWaitsAtTheReceiverThatManySendTo() {
        receiver();
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR, FdSnapshot.oneWay(20));
        line.fd(C, 5, ObjectKind.UNIX, "unix:[11]", 11, Timeline.O_RDWR, FdSnapshot.oneWay(20));
        assertEquals("unix:[10] | p200(200)", line.blocks(A, "sendto", 3));
        line.blocks(C, "write", 5);
        line.enter(B, "recvfrom", 4);
        assertEquals("object | p200(200) | unix /dev/log | p200(200)", line.wakes(B, A));
        assertEquals("object | p200(200) | unix /dev/log | p200(200)", line.wakes(B, C));
    }

    /** The receiver may be seen as what is sent to before anybody has looked at it where it is held. */
    @Test
    void theReceiverIsOneAndTheSameWhenItIsKnownLater() {
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR, FdSnapshot.oneWay(20));
        line.blocks(A, "sendto", 3);
        receiver();
        line.enter(B, "recvfrom", 4);
        assertEquals("object | p200(200) | unix /dev/log | p200(200)", line.wakes(B, A));
    }

    @Test
    void aDatagramThatArrivesEndsTheReceiversWait() {
        receiver();
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR, FdSnapshot.oneWay(20));
        line.blocks(B, "recvfrom", 4);
        line.enter(A, "sendto", 3);
        assertEquals("object | p100(100) | - | -", line.wakes(A, B));
        line.enter(A, "recvfrom", 3);
        assertEquals("waker | p100(100) | - | -", line.wakes(A, B));
    }

    @Test
    void whereItWasSentToByAddressItIsTheOneThatWasReadFrom() {
        receiver();
        line.call(A, "socket", 3, 1, SOCK_DGRAM, 0);
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR);
        line.blocks(A, "sendto", 3, 0, 1, 0, 0x7000, 110);
        line.enter(B, "recvfrom", 4);
        assertEquals("object | p200(200) | unix /dev/log | p200(200)", line.wakes(B, A));
        line.enter(B, "sendto", 4);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void ofADatagramPairItIsTheOtherEnd() {
        line.fd(A, 0, ObjectKind.DISK, "/in", 5, Timeline.O_RDONLY);
        line.exec(A, A, "new");
        line.call(A, "socketpair", 0, 1, SOCK_DGRAM, 0);
        line.fd(A, 1, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR, 20);
        line.fd(B, 4, ObjectKind.UNIX, "unix:[20]", 20, Timeline.O_RDWR, 10);
        line.call(A, "close", 0, 2);
        line.blocks(A, "write", 1);
        line.enter(B, "read", 4);
        assertEquals("object | p200(200) | unix:[20] | p200(200)", line.wakes(B, A));
    }

    @Test
    void aStreamWaitsForItsOwnBuffer() {
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR, 20);
        line.fd(B, 4, ObjectKind.UNIX, "unix /s", 20, Timeline.O_RDWR, 10);
        line.blocks(A, "write", 3);
        line.enter(B, "read", 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    @Test
    void aConnectionWaitsForWhoAccepts() {
        line.fd(A, 3, ObjectKind.UNIX, "unix:[10]", 10, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.UNIX, "unix /s", 20, Timeline.O_RDWR, FdSnapshot.LISTENING);
        assertEquals("unix:[10]", line.blocks(A, "connect", 3));
        line.enter(B, "accept4", 4);
        assertEquals("object | p200(200) | unix /s | p200(200)", line.wakes(B, A));
    }
}
