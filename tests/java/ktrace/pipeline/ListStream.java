package ktrace.pipeline;

import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/** A stream of events with given times, of which only those up to a limit have been "written". {@code arg0} is the position. */
final class ListStream implements EventStream {
    private final int cpu;
    private final long[] timesNs;
    private int written;
    private int visible;
    private volatile int taken;
    volatile int released;

    ListStream(int cpu, long... timesNs) {
        this.cpu = cpu;
        this.timesNs = timesNs;
        this.written = timesNs.length;
    }

    ListStream writtenUpTo(int count) {
        written = Math.min(count, timesNs.length);
        return this;
    }

    int taken() {
        return taken;
    }

    long timeAt(int index) {
        return timesNs[index];
    }

    int size() {
        return timesNs.length;
    }

    @Override
    public void refresh() {
        visible = written;
    }

    @Override
    public long nextTimeNs() {
        return taken < visible ? timesNs[taken] : NOTHING;
    }

    @Override
    public void take(TraceEvent slot) {
        slot.type = EventType.SYS_ENTER;
        slot.timeNs = timesNs[taken];
        slot.cpu = cpu;
        slot.tid = cpu + 1;
        slot.arg0 = taken;
        slot.payload = null;
        taken = taken + 1;
    }

    @Override
    public void release() {
        released = taken;
    }
}
