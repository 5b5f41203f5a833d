package ktrace.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.bpf.program.RecordKind;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** What the two records of a switch tell. */
class SwitchRecordsTest extends PlayedRing {
    private static final int PREVIOUS = 11;
    private static final int NEXT = 12;

    private void tids(long body) {
        set(body, PREVIOUS);
        set(body + 4, NEXT);
    }

    private void comms(long at) {
        setLong(at, Comm.pack("before", 0));
        setLong(at + 8, 0);
        setLong(at + 16, Comm.pack("after", 0));
        setLong(at + 24, 0);
    }

    private TraceEvent taken() {
        TraceEvent taken = take();
        assertEquals(EventType.SCHED_SWITCH, taken.type);
        assertEquals(PREVIOUS, taken.tid);
        assertEquals(NEXT, taken.otherTid);
        assertEquals(120, taken.arg2);
        assertEquals(98, taken.arg3);
        assertEquals("before", Comm.text(taken.arg0, taken.arg1));
        assertEquals("after", Comm.text(taken.comm0, taken.comm1));
        return taken;
    }

    @Test
    void asItHappens() {
        write(RecordKind.SCHED_SWITCH, 1, 0, 0, body -> {
            tids(body);
            set(body + 8, 0x2001);
            set(body + 12, 0);
            set(body + 16, 0);
            set(body + 20, 120);
            set(body + 24, 98);
            set(body + 28, 0);
            comms(body + 32);
        });
        TraceEvent taken = taken();
        assertEquals(1, taken.number, "interruptible, and may be frozen");
        assertEquals(0, taken.arg4);
    }

    @Test
    void notAsItHappened() {
        write(RecordKind.LATE_SWITCH, 1, 0, 0, body -> {
            tids(body);
            set(body + 8, 98);
            setLong(body + 16, 55);
            comms(body + 24);
        });
        TraceEvent taken = taken();
        assertEquals(-1, taken.tgid, "of whom it is not told");
        assertEquals(0, taken.number, "how it has left is not known");
        assertEquals(55, taken.arg4);
    }
}
