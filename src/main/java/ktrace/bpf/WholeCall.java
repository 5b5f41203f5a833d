package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import ktrace.bpf.program.RecordKind;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.linux.tracing.RingRecord;

/**
 * A call with its entry and its exit in one record, which may say no more of its thread and its time than that it follows on the
 * one before: so each has to be located, one after the other. Owned by the poller thread; allocates nothing.
 */
final class WholeCall {
    private MemorySegment memory;
    private long base;
    private RecordKind kind;
    private long entryNs;
    private long exitNs;
    private int tid;
    private int tgid;

    /** From now on that record, of that kind. */
    void locate(RingRecord record, RecordKind recordKind) {
        memory = record.memory();
        base = record.base();
        kind = recordKind;
        if (kind.isNextCall()) {
            entryNs += Integer.toUnsignedLong(memory.get(JAVA_INT, base + RecordKind.NEXT_AFTER));
        } else {
            entryNs = memory.get(JAVA_LONG, base + RecordKind.TIME);
            tid = memory.get(JAVA_INT, base + RecordKind.TID);
            tgid = memory.get(JAVA_INT, base + RecordKind.TGID);
        }
        exitNs = entryNs + Integer.toUnsignedLong(
                memory.get(JAVA_INT, base + (kind.isNextCall() ? RecordKind.NEXT_DURATION : RecordKind.DURATION)));
    }

    long entryNs() {
        return entryNs;
    }

    long exitNs() {
        return exitNs;
    }

    /** Arguments that the call does not have are 0. */
    void decodeEntry(TraceEvent event) {
        head(EventType.SYS_ENTER, entryNs, event);
        int arguments = kind.arguments();
        long at = base + (kind.isNextCall() ? RecordKind.NEXT_ARGUMENTS : RecordKind.ARGUMENTS);
        event.arg0 = arguments > 0 ? memory.get(JAVA_LONG, at) : 0;
        event.arg1 = arguments > 1 ? memory.get(JAVA_LONG, at + 8) : 0;
        event.arg2 = arguments > 2 ? memory.get(JAVA_LONG, at + 16) : 0;
        event.arg3 = arguments > 3 ? memory.get(JAVA_LONG, at + 24) : 0;
        event.arg4 = arguments > 4 ? memory.get(JAVA_LONG, at + 32) : 0;
        event.arg5 = arguments > 5 ? memory.get(JAVA_LONG, at + 40) : 0;
    }

    void decodeExit(TraceEvent event) {
        head(EventType.SYS_EXIT, exitNs, event);
        event.result = kind.isNextCall() ? memory.get(JAVA_INT, base + RecordKind.NEXT_RESULT)
                : memory.get(JAVA_LONG, base + RecordKind.RESULT);
    }

    private void head(EventType type, long timeNs, TraceEvent event) {
        event.type = type;
        event.timeNs = timeNs;
        event.tid = tid;
        event.tgid = tgid;
        event.contextFlags = 0;
        event.payload = null;
        event.number = kind.isNextCall() ? memory.get(JAVA_SHORT, base + RecordKind.NEXT_NUMBER) & 0xffff
                : RecordDecoder.number(memory, base, memory.get(JAVA_INT, base + RecordKind.BODY));
    }
}
