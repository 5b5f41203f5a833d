package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.Waker;
import org.junit.jupiter.api.Test;

/** Which thread of which process a wake-up is stamped with, and what it is called. */
class WakerThreadTest {
    private static final int CLONE_THREAD = 0x10000;
    private static final int A = 100;
    private static final int WORKER = 101;
    private static final int HOLDER = 102;
    private static final int OUTSIDER = 300;
    private static final int THREAD_OF_OUTSIDER = 301;
    private static final long LOCK = 0x7f00;

    private final Timeline line = Timeline.of(A, 200);

    private void rename(int tid, String comm) {
        line.run(tid);
        line.event.comm0 = Comm.pack(comm, 0);
        line.event.comm1 = Comm.pack(comm, 8);
        line.push(EventType.TASK_RENAME, tid, A, null);
    }

    private void waits(int tid) {
        line.blocks(tid, "futex", LOCK, 128, 2);
    }

    private Waker wakes(int tid, int woken) {
        line.wakes(tid, woken);
        return line.event.waker;
    }

    private static String text(Waker waker) {
        return waker.threadComm() + "(" + waker.tid() + ") of " + waker.comm() + "(" + waker.pid() + ")";
    }

    @Test
    void aThreadOfTheSameProcess() {
        line.born(A, WORKER, CLONE_THREAD);
        line.born(A, HOLDER, CLONE_THREAD);
        rename(HOLDER, "hog-holder");
        waits(WORKER);
        line.run(HOLDER);
        rename(HOLDER, "hog-holder");
        line.enter(HOLDER, "futex", LOCK, 129, 1);
        Waker waker = wakes(HOLDER, WORKER);
        assertEquals("hog-holder(102) of p100(100)", text(waker));
        assertEquals(HOLDER, waker.thread().tid());
        assertSame(waker, wakes(HOLDER, WORKER), "made once");
        rename(HOLDER, "other");
        assertEquals("other(102) of p100(100)", text(wakes(HOLDER, WORKER)));
    }

    @Test
    void itIsCalledAsItWasBornAsItIsSwitchedInAndAsItIsToldOf() {
        waits(A);
        line.born(200, 201, CLONE_THREAD);
        assertEquals("c201(201) of p200(200)", text(wakesOnCpu1(201, 200, A)));
        assertEquals("t201(201) of p200(200)", text(wakes(201, A)));
        line.thread(202, 200);
        assertEquals("p200(202) of p200(200)", text(wakesOnCpu1(202, 200, A)));
        line.thread(202, 200);
        assertEquals("t202(202) of p200(200)", text(wakes(202, A)));
    }

    /** No switch was seen there. */
    private Waker wakesOnCpu1(int tid, int tgid, int woken) {
        line.event.type = EventType.SCHED_WAKING;
        line.event.timeNs = line.nowNs += 1000;
        line.event.cpu = 1;
        line.event.tid = tid;
        line.event.tgid = tgid;
        line.event.otherTid = woken;
        line.event.payload = null;
        line.tracker.onEvent(line.event);
        return line.event.waker;
    }

    @Test
    void execByAThreadThatIsNotTheLeaderIsTheLeaderAndCalledAsTheProgram() {
        line.born(200, 201, CLONE_THREAD);
        waits(A);
        line.run(201);
        line.enter(201, "execve");
        line.switchTo(200, 0);
        line.exec(200, 201, "prog");
        assertEquals("prog(200) of prog(200)", text(wakes(200, A)));
    }

    @Test
    void anOutsiderIsCalledAsTheSchedulerCallsIt() {
        waits(A);
        line.run(THREAD_OF_OUTSIDER);
        line.wakesIn(0, THREAD_OF_OUTSIDER, OUTSIDER, A);
        Waker waker = line.event.waker;
        assertEquals("t301(301) of t301(300)", text(waker));
        assertNull(waker.thread());
        line.wakesIn(0, THREAD_OF_OUTSIDER, OUTSIDER, A);
        assertSame(waker, line.event.waker, "made once");
        assertSame(waker, wakesOnCpu1(THREAD_OF_OUTSIDER, OUTSIDER, A), "known before");
        assertEquals("(302) of t301(300)", text(wakesOnCpu1(302, OUTSIDER, A)), "never seen to run");
        // The same place as 301.
        assertEquals("(1325) of t301(300)", text(wakesOnCpu1(301 + 1024, OUTSIDER, A)));
        assertEquals("(301) of t301(300)", text(wakesOnCpu1(THREAD_OF_OUTSIDER, OUTSIDER, A)), "displaced");
    }

    @Test
    void whereNoSchedulerIsSeenItIsTheThreadWhoseCallLetTheWaiterOn() {
        line.event.number = 1;
        line.push(EventType.START, 0, -1, null);
        line.born(A, WORKER, CLONE_THREAD);
        line.born(A, HOLDER, CLONE_THREAD);
        line.enter(WORKER, "futex", LOCK, 128, 2);
        line.enter(HOLDER, "futex", LOCK, 129, 1);
        line.exit(HOLDER, "futex", 1);
        line.exit(WORKER, "futex", 0);
        assertEquals("t102(102) of p100(100)", text(line.event.waker));
        line.pipe(5, A, 3, A, 4);
        line.enter(WORKER, "read", 3, 0, 1);
        line.enter(HOLDER, "write", 4, 0, 1);
        line.exit(WORKER, "read", 1);
        assertEquals("t102(102) of p100(100)", text(line.event.waker));
    }
}
