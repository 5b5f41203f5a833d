package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import org.junit.jupiter.api.Test;

/** A system in which nothing new happens makes the tracker allocate nothing. */
class SteadyStateTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int EVENTS_PER_ROUND = 43;
    private static final int ROUNDS = 20_000;

    private final Timeline line = Timeline.of(A, B);

    private final int read = Timeline.TABLE.number("read");
    private final int write = Timeline.TABLE.number("write");
    private final int openat = Timeline.TABLE.number("openat");
    private final int close = Timeline.TABLE.number("close");
    private final int futex = Timeline.TABLE.number("futex");
    private final int epollWait = Timeline.TABLE.number("epoll_wait");
    private final int poll = Timeline.TABLE.number("poll");
    private final int wait4 = Timeline.TABLE.number("wait4");
    private final int enterRing = Timeline.TABLE.number("io_uring_enter");
    private final int recvfrom = Timeline.TABLE.number("recvfrom");

    @Test
    void noEventAllocates() {
        line.pipe(77, A, 3, B, 4);
        line.fd(A, 5, ObjectKind.TCP, "tcp 127.0.0.1:80→127.0.0.1:5001", 10, 2, 11);
        line.fd(B, 6, ObjectKind.TCP, "tcp 127.0.0.1:5001→127.0.0.1:80", 11, 2, 10);
        line.fd(A, 7, ObjectKind.POLL, "epoll fd 7", 0, 2, 0, 3, 5);
        line.fd(A, 8, ObjectKind.IO_URING, "[io_uring] fd 8", 0, 2);
        line.thread(101, A);
        // The storm of new files drains the lookups at first; from then on they are what the steady state is.
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        long overhead = memory.getCurrentThreadAllocatedBytes() - before;
        before = memory.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        long allocated = memory.getCurrentThreadAllocatedBytes() - before - overhead;
        assertEquals(0, allocated / (ROUNDS * EVENTS_PER_ROUND), allocated + " bytes");
        assertEquals(true, allocated < 1 << 16, allocated + " bytes");
    }

    private void round() {
        call(A, openat, 9);
        wait(A, read, 3, B, write, 4);
        wait(A, recvfrom, 5, B, write, 6);
        wait(A, epollWait, 7, B, write, 4);
        wait(A, poll, 0x7000, B, write, 4);
        wait(A, wait4, -1, B, write, 4);
        wait(A, futex, 0x7000, 101, futex, 0x7000);
        ring();
        enter(A, close, 9);
    }

    private void ring() {
        enter(A, enterRing, 8);
        ring(EventType.RING_SUBMIT, A, 22);
        ring(EventType.RING_FILE, A, 3);
        ring(EventType.RING_WAIT, A, 1);
        switched(A, B, 1);
        enter(B, write, 4);
        ring(EventType.RING_READY, B, 0);
        line.event.otherTid = A;
        push(EventType.SCHED_WAKING, B, 0);
        exit(B, write, 1);
        switched(B, A, 0);
        ring(EventType.RING_COMPLETE, A, 0);
        exit(A, enterRing, 1);
    }

    private void ring(EventType type, int tid, long number) {
        line.event.arg0 = 0x1000;
        line.event.arg1 = 0x2000;
        push(type, tid, number);
    }

    private void call(int tid, int number, long result) {
        enter(tid, number, 0);
        exit(tid, number, result);
    }

    private void wait(int waiter, int call, long object, int waker, int wakerCall, long wakerObject) {
        enter(waiter, call, object);
        switched(waiter, waker, 1);
        enter(waker, wakerCall, wakerObject);
        line.event.otherTid = waiter;
        push(EventType.SCHED_WAKING, waker, 0);
        exit(waker, wakerCall, 1);
        switched(waker, waiter, 0);
        exit(waiter, call, 1);
    }

    private void enter(int tid, int number, long arg0) {
        line.event.arg0 = arg0;
        line.event.arg1 = number == futex ? 0x80 : 0;
        push(EventType.SYS_ENTER, tid, number);
    }

    private void exit(int tid, int number, long result) {
        line.event.result = result;
        push(EventType.SYS_EXIT, tid, number);
    }

    private void switched(int prev, int next, int state) {
        line.event.otherTid = next;
        push(EventType.SCHED_SWITCH, prev, state);
    }

    private void push(EventType type, int tid, long number) {
        line.event.type = type;
        line.event.timeNs = line.nowNs += 1000;
        line.event.tid = tid;
        line.event.tgid = tid == 101 ? A : tid;
        line.event.number = number;
        line.event.payload = null;
        line.tracker.onEvent(line.event);
    }
}
