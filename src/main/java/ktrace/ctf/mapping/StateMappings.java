package ktrace.ctf.mapping;

import java.util.Map;
import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.TextRegister;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import org.agrona.collections.Long2LongHashMap;

/** What was there when LTTng began: its lttng_statedump_* events. */
final class StateMappings {
    private StateMappings() {
    }

    /** One for each thread. The leader's tells of its process as well: two events. */
    static final class ProcessState extends EventMapping {
        /** The letter of /proc/PID/stat for each {@code enum lttng_process_status}; a blank where LTTng itself does not know. */
        private static final String STATES = " RRXZSRX";

        private final int tid = wanted.number("tid");
        private final int pid = wanted.number("pid");
        private final int ppid = wanted.number("ppid");
        private final int name = wanted.text("name");
        private final int status = wanted.number("status");
        private final int table = wanted.number("file_table_address");
        private final Long2LongHashMap tgidOfTable;
        private boolean hasTable;

        /** @param tgidOfTable since 2.12 LTTng tells of descriptors right after the process, by the address of its table */
        ProcessState(Long2LongHashMap tgidOfTable) {
            this.tgidOfTable = tgidOfTable;
        }

        @Override
        public void bind(Layout fields) {
            hasTable = fields.has("file_table_address");
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            int ofTid = integer(cursor, tid);
            int ofTgid = integer(cursor, pid);
            String comm = TextRegister.text(cursor, name);
            slot.cpu = CpuState.UNKNOWN;
            slot.tid = ofTid;
            slot.tgid = ofTgid;
            slot.contextFlags = 0;
            if (part == 0 && ofTid == ofTgid) {
                if (hasTable) {
                    tgidOfTable.put(cursor.registers[table], ofTgid);
                }
                slot.type = EventType.PROCESS_STATE;
                slot.payload = new ProcessSnapshot(ofTgid, integer(cursor, ppid), comm, "");
                return true;
            }
            int known = integer(cursor, status);
            char letter = known > 0 && known < STATES.length() ? STATES.charAt(known) : 'S';
            slot.type = EventType.THREAD_STATE;
            slot.payload = new ThreadSnapshot(ofTid, ofTgid, comm, letter, ThreadSnapshot.SYSCALL_UNKNOWN, new long[0],
                    false);
            return false;
        }
    }

    static final class FileDescriptor extends EventMapping {
        /** Where LTTng says nothing of how it was opened (before 2.9), it may be read and written. */
        private static final int O_RDWR = 2;

        private final int pid = wanted.number("pid");
        private final int fd = wanted.number("fd");
        private final int flags = wanted.number("flags");
        private final int filename = wanted.text("filename");
        private final int table = wanted.number("file_table_address");
        private final Long2LongHashMap tgidOfTable;
        private boolean hasTable;
        private boolean hasFlags;

        FileDescriptor(Long2LongHashMap tgidOfTable) {
            this.tgidOfTable = tgidOfTable;
        }

        @Override
        public void bind(Layout fields) {
            hasTable = fields.has("file_table_address");
            hasFlags = fields.has("flags");
        }

        @Override
        public boolean isEvent(PacketCursor cursor) {
            return tgid(cursor) > 0;
        }

        private int tgid(PacketCursor cursor) {
            return hasTable ? (int) tgidOfTable.get(cursor.registers[table]) : integer(cursor, pid);
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            int tgid = tgid(cursor);
            int number = integer(cursor, fd);
            slot.type = EventType.FD_STATE;
            slot.cpu = CpuState.UNKNOWN;
            slot.tid = tgid;
            slot.tgid = tgid;
            slot.contextFlags = 0;
            slot.payload = new FdSnapshot(tgid, number, FileNames.object(TextRegister.text(cursor, filename), number),
                    hasFlags ? integer(cursor, flags) : O_RDWR, FdSnapshot.PEER_UNKNOWN, java.util.List.of());
            return false;
        }
    }

    /** Names of LTTng's events that begin or end the serving of an interrupt, with the flag that holds in between. */
    static final Map<String, Integer> INTERRUPTS = Map.of(
            "irq_handler", TraceEvent.FLAG_HARD_INTERRUPT,
            "hrtimer_expire", TraceEvent.FLAG_HARD_INTERRUPT,
            "timer_hrtimer_expire", TraceEvent.FLAG_HARD_INTERRUPT,
            "x86_irq_vectors_local_timer", TraceEvent.FLAG_HARD_INTERRUPT,
            "softirq", TraceEvent.FLAG_SOFT_INTERRUPT,
            "irq_softirq", TraceEvent.FLAG_SOFT_INTERRUPT);
}
