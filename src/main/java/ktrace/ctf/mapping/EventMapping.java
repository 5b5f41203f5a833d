package ktrace.ctf.mapping;

import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.RegisterMap;
import ktrace.event.TraceEvent;

/**
 * What one class of events of a trace means: which of its fields are wanted, and which event of ktrace's they make. One instance
 * for each class of events of each stream file; used by the thread that reads it. Filling allocates nothing but a payload.
 */
public abstract class EventMapping {
    /** Wanted of the event's fields. */
    public final RegisterMap wanted = new RegisterMap();

    /** Called once, before anything is read: tells which of the wanted fields there are. */
    public void bind(Layout fields) {
    }

    /** False for events that only tell something of their CPU; they are {@link #observe}d instead of filled into a slot. */
    public boolean isEvent(PacketCursor cursor) {
        return true;
    }

    public void observe(CpuState cpu) {
    }

    /**
     * Fills in what is not known of every event: time, CPU, thread and flags are set already.
     *
     * @param part counts the events made of this one from 0
     * @return whether it makes another
     */
    public abstract boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot);

    protected static int integer(PacketCursor cursor, int register) {
        return (int) cursor.registers[register];
    }

    /** Eight bytes of a name of a thread. */
    static long comm(PacketCursor cursor, int register, int from) {
        long[] registers = cursor.registers;
        int start = (int) registers[register];
        int length = (int) Math.min(registers[register + 1], 16);
        if (length == 16) {
            return (long) PacketCursor.LONG_LE.get(cursor.data, start + from);
        }
        long comm = 0;
        for (int i = from; i < Math.min(from + 8, length); i++) {
            comm |= (cursor.data[start + i] & 0xffL) << 8 * (i - from);
        }
        return comm;
    }
}
