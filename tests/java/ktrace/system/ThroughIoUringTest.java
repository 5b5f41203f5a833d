package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadSnapshot;
import org.junit.jupiter.api.Test;

/** Who ends a wait by what is done for him through a ring. */
class ThroughIoUringTest extends PlayedIoUring {
    @Test
    void whoWritesThroughARingIsAtWorkOnThePipe() {
        line.blocks(A, "read", 3);
        line.enter(B, "io_uring_enter", 9, 1, 1, 1);
        tells(EventType.RING_SUBMIT, B, OTHER_RING, ONE, WRITE);
        tells(EventType.RING_FILE, B, OTHER_RING, ONE, 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
    }

    /** Made by a thread in a call, it is in that call by /proc. */
    @Test
    void soIsTheThreadThatDoesIt() {
        int enter = Timeline.TABLE.number("io_uring_enter");
        line.push(EventType.THREAD_STATE, WORKER_OF_B, B,
                new ThreadSnapshot(WORKER_OF_B, B, "iou-wrk-200", 'S', enter, new long[6]));
        line.blocks(A, "read", 3);
        tells(EventType.RING_SUBMIT, B, OTHER_RING, ONE, WRITE);
        tells(EventType.RING_FILE, WORKER_OF_B, OTHER_RING, ONE, 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(WORKER_OF_B, A));
        assertEquals(B, line.event.waker.tid());
        tells(EventType.RING_COMPLETE, WORKER_OF_B, OTHER_RING, ONE, 0);
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(WORKER_OF_B, A));
    }

    /** What is sent to this machine arrives in an interrupt of who sends, through a ring as by a call. */
    @Test
    void soIsWhoSendsOrConnectsThroughARing() {
        line.fd(A, 8, ObjectKind.UDP, "udp 127.0.0.1:53", 10, 2);
        line.fd(B, 8, ObjectKind.UDP, "udp 127.0.0.1:5001→127.0.0.1:53", 11, 2);
        line.blocks(A, "recvfrom", 8);
        line.enter(B, "io_uring_enter", 9, 1, 1, 1);
        tells(EventType.RING_SUBMIT, B, OTHER_RING, ONE, READ);
        tells(EventType.RING_FILE, B, OTHER_RING, ONE, 8);
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        tells(EventType.RING_SUBMIT, B, OTHER_RING, TWO, SEND);
        tells(EventType.RING_FILE, B, OTHER_RING, TWO, 8);
        assertEquals("object | p200(200) | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.fd(A, 9, ObjectKind.TCP, "tcp 127.0.0.1:80", 12, 2);
        line.fd(B, 9, ObjectKind.TCP, "tcp", 0, 2);
        line.call(A, "listen", 0, 9, 5);
        line.blocks(A, "accept", 9);
        line.run(B);
        tells(EventType.RING_SUBMIT, B, OTHER_RING, ONE, CONNECT);
        tells(EventType.RING_FILE, B, OTHER_RING, ONE, 9);
        assertEquals("object | p200(200) | - | -", line.wakesIn(SOFTIRQ, B, B, A));
    }

    /** It was there before the trace; /proc has it in the call of the number 0, which it does not make. */
    @Test
    void soIsTheThreadThatTakesItFromTheQueue() {
        line.push(EventType.THREAD_STATE, WORKER_OF_B, B, new ThreadSnapshot(WORKER_OF_B, B, "iou-sqp-200", 'R', 0, new long[6]));
        line.blocks(A, "read", 3);
        tells(EventType.RING_SUBMIT, WORKER_OF_B, OTHER_RING, ONE, WRITE);
        tells(EventType.RING_FILE, WORKER_OF_B, OTHER_RING, ONE, 4);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(WORKER_OF_B, A));
        assertEquals(WORKER_OF_B, line.event.waker.tid());
    }

    /** A write to a pipe that was full is done when the writer runs next, between its calls. */
    @Test
    void soIsWhoGoesOnWithAWriteThatWaited() {
        line.blocks(A, "read", 3);
        line.enter(B, "io_uring_enter", 9, 1, 0, 0);
        tells(EventType.RING_SUBMIT, B, OTHER_RING, ONE, WRITE);
        tells(EventType.RING_FILE, B, OTHER_RING, ONE, 4);
        line.exit(B, "io_uring_enter", 1);
        assertEquals("object | p200(200) | - | p200(200)", line.wakes(B, A));
        line.enter(B, "getppid");
        assertEquals("waker | p200(200) | - | p200(200)", line.wakes(B, A));
    }
}
