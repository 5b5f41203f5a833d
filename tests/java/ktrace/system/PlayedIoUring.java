package ktrace.system;

import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.BeforeEach;

/** A ring of A, of which the kernel tells, and a pipe from B to A. */
abstract class PlayedIoUring {
    static final int A = 100;
    static final int B = 200;
    /** A thread of the kernel in A: iou-sqp or iou-wrk. */
    static final int WORKER = 101;
    static final int WORKER_OF_B = 201;
    static final int THREAD = 0x10000;
    static final int SOFTIRQ = TraceEvent.FLAG_SOFT_INTERRUPT;
    static final int HARDIRQ = TraceEvent.FLAG_HARD_INTERRUPT;

    static final long RING = 0xffff888000001000L;
    static final long OTHER_RING = 0xffff888000002000L;
    static final long ONE = 0xffff888000003000L;
    static final long TWO = 0xffff888000004000L;
    static final int FSYNC = 3;
    static final int TIMEOUT = 11;
    static final int ACCEPT = 13;
    static final int READ = 22;
    static final int WRITE = 23;
    static final int CONNECT = 16;
    static final int SEND = 26;
    static final int MSG_RING = 40;
    static final int FUTEX_WAIT = 51;
    static final int MORE = 2;

    final Timeline line = Timeline.of(A, B);

    @BeforeEach
    void aPipeAndARing() {
        line.pipe(77, A, 3, B, 4);
        line.enter(A, "io_uring_setup", 8, 0x7000);
        tells(EventType.RING_CREATE, A, RING, 0, 5);
        line.exit(A, "io_uring_setup", 5);
    }

    final void tells(EventType type, int tid, long ring, long request, long number) {
        line.run(tid);
        line.event.arg0 = ring;
        line.event.arg1 = request;
        line.event.number = number;
        line.push(type, tid, tid / 100 * 100, null);
    }

    final void submits(int tid, long request, int operation, int fd) {
        tells(EventType.RING_SUBMIT, tid, RING, request, operation);
        if (fd >= 0) {
            tells(EventType.RING_FILE, tid, RING, request, fd);
        }
    }

    final void ready(int tid, long request) {
        tells(EventType.RING_READY, tid, RING, request, 0);
    }

    final void completes(int tid, long ring, long request, long flags) {
        line.event.result = 1;
        tells(EventType.RING_COMPLETE, tid, ring, request, flags);
    }

    /** What A waits for, the object and who is at its other end. */
    final String waits() {
        tells(EventType.RING_WAIT, A, RING, 0, 1);
        return blocks();
    }

    final String blocks() {
        line.switchTo(0, 1);
        return line.event.waitsFor + " | " + line.object() + " | " + line.peers();
    }

    final String enters(long request, int operation, int fd) {
        line.enter(A, "io_uring_enter", 5, 1, 1, 1);
        submits(A, request, operation, fd);
        return waits();
    }
}
