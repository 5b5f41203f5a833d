package ktrace.ctf.mapping;

import ktrace.ctf.KernelEvent;
import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.TextRegister;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;

/** The scheduler's events, with the fields that LTTng-modules give them (its sched.h). */
final class SchedMappings {
    private static final long CLONE_THREAD = 0x10000;

    private SchedMappings() {
    }

    static final class Switch extends EventMapping {
        private final int prevComm = wanted.text("prev_comm");
        private final int prevTid = wanted.number("prev_tid");
        private final int prevPrio = wanted.number("prev_prio");
        private final int prevState = wanted.number("prev_state");
        private final int nextComm = wanted.text("next_comm");
        private final int nextTid = wanted.number("next_tid");
        private final int nextPrio = wanted.number("next_prio");
        private final int call = wanted.number("prev_call");
        private final int callArg0 = wanted.number("prev_arg0");
        private final int callArg1 = wanted.number("prev_arg1");
        private final int inode = wanted.number("prev_inode");
        private final int mode = wanted.number("prev_mode");
        private final int since = wanted.number("next_since");
        private final TaskState states;
        private boolean hasCall;
        private boolean isLate;

        Switch(TaskState states) {
            this.states = states;
        }

        @Override
        public void bind(Layout fields) {
            hasCall = fields.has("prev_inode");
            isLate = fields.has("next_since");
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SCHED_SWITCH;
            slot.payload = !hasCall ? null : new Waker.InCall(integer(cursor, call), cursor.registers[callArg0],
                    cursor.registers[callArg1], cursor.registers[inode], integer(cursor, mode));
            slot.tid = integer(cursor, prevTid);
            slot.otherTid = integer(cursor, nextTid);
            slot.number = states.reported(cursor.registers[prevState]);
            slot.comm0 = comm(cursor, nextComm, 0);
            slot.comm1 = comm(cursor, nextComm, 8);
            slot.arg0 = comm(cursor, prevComm, 0);
            slot.arg1 = comm(cursor, prevComm, 8);
            slot.arg2 = cursor.registers[prevPrio] + KernelEvent.MAX_RT_PRIO;
            slot.arg3 = cursor.registers[nextPrio] + KernelEvent.MAX_RT_PRIO;
            slot.arg4 = isLate ? cursor.registers[since] : 0;
            cpu.switchedTo(slot.otherTid);
            slot.contextFlags = 0;
            return false;
        }
    }

    /** sched_waking, sched_wakeup_new, and where there is no sched_waking, sched_wakeup. */
    static final class Waking extends ContextMapping {
        private final int comm = wanted.text("comm");
        private final int tid = wanted.number("tid");
        private final int prio = wanted.number("prio");
        private final int targetCpu = wanted.number("target_cpu");
        private final int call = wanted.number("waker_call");
        private final int arg0 = wanted.number("waker_arg0");
        private final int arg1 = wanted.number("waker_arg1");
        private final int inode = wanted.number("waker_inode");
        private final int mode = wanted.number("waker_mode");
        private final EventType type;
        private final boolean wakerKnown;
        private boolean hasCall;

        /**
         * @param wakerKnown whether the event is recorded by who wakes. sched_wakeup need not be: on the woken's own CPU it can
         *     come from an interrupt that another CPU sent, while a thread runs there that has nothing to do with it.
         */
        Waking(EventType type, boolean wakerKnown) {
            this.type = type;
            this.wakerKnown = wakerKnown;
        }

        @Override
        public void bind(Layout fields) {
            super.bind(fields);
            hasCall = fields.has("waker_inode");
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = type;
            slot.payload = !hasCall ? null : new Waker.InCall(integer(cursor, call), cursor.registers[arg0],
                    cursor.registers[arg1], cursor.registers[inode], integer(cursor, mode));
            slot.otherTid = integer(cursor, tid);
            slot.comm0 = comm(cursor, comm, 0);
            slot.comm1 = comm(cursor, comm, 8);
            slot.arg0 = cursor.registers[targetCpu];
            slot.arg1 = cursor.registers[prio] + KernelEvent.MAX_RT_PRIO;
            fillContext(cursor, slot);
            if (!wakerKnown && slot.arg0 == slot.cpu) {
                slot.tid = CpuState.UNKNOWN;
                slot.tgid = CpuState.UNKNOWN;
            }
            return false;
        }
    }

    static final class Migrate extends EventMapping {
        private final int comm = wanted.text("comm");
        private final int tid = wanted.number("tid");
        private final int prio = wanted.number("prio");
        private final int origCpu = wanted.number("orig_cpu");
        private final int destCpu = wanted.number("dest_cpu");

        /** LTTng 2.1 tells of moves to where a thread is. */
        @Override
        public boolean isEvent(PacketCursor cursor) {
            return cursor.registers[origCpu] != cursor.registers[destCpu];
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SCHED_MIGRATE_TASK;
            slot.otherTid = integer(cursor, tid);
            slot.comm0 = comm(cursor, comm, 0);
            slot.comm1 = comm(cursor, comm, 8);
            slot.arg0 = cursor.registers[origCpu];
            slot.arg1 = cursor.registers[destCpu];
            slot.arg2 = cursor.registers[prio] + KernelEvent.MAX_RT_PRIO;
            return false;
        }
    }

    static final class Fork extends EventMapping {
        private final int parentTid = wanted.number("parent_tid");
        private final int parentPid = wanted.number("parent_pid");
        private final int childComm = wanted.text("child_comm");
        private final int childTid = wanted.number("child_tid");
        private final int childPid = wanted.number("child_pid");
        private final int cloneFlags = wanted.number("clone_flags");
        private boolean hasPids;
        private boolean hasFlags;

        @Override
        public void bind(Layout fields) {
            hasPids = fields.has("parent_pid") && fields.has("child_pid");
            hasFlags = fields.has("clone_flags");
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.TASK_NEWTASK;
            slot.tid = integer(cursor, parentTid);
            slot.otherTid = integer(cursor, childTid);
            slot.comm0 = comm(cursor, childComm, 0);
            slot.comm1 = comm(cursor, childComm, 8);
            slot.number = hasFlags ? cursor.registers[cloneFlags] : 0;
            if (hasPids) {
                slot.tgid = integer(cursor, parentPid);
                if (!hasFlags && integer(cursor, childPid) != slot.otherTid) {
                    slot.number = CLONE_THREAD;
                }
            }
            return false;
        }
    }

    static final class Exec extends EventMapping {
        private final int filename = wanted.text("filename");
        private final int tid = wanted.number("tid");
        private final int oldTid = wanted.number("old_tid");

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SCHED_PROCESS_EXEC;
            slot.tid = integer(cursor, tid);
            slot.otherTid = integer(cursor, oldTid);
            slot.payload = TextRegister.text(cursor, filename);
            return false;
        }
    }

    static final class Exit extends EventMapping {
        private final int comm = wanted.text("comm");
        private final int tid = wanted.number("tid");
        private final int prio = wanted.number("prio");
        /** Only in traces of ktrace's own, and 0 where the kernel did not say. */
        private final int last = wanted.number("last");
        private boolean hasLast;

        @Override
        public void bind(Layout fields) {
            hasLast = fields.has("last");
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SCHED_PROCESS_EXIT;
            slot.tid = integer(cursor, tid);
            slot.comm0 = comm(cursor, comm, 0);
            slot.comm1 = comm(cursor, comm, 8);
            slot.arg0 = cursor.registers[prio] + KernelEvent.MAX_RT_PRIO;
            slot.arg1 = hasLast ? cursor.registers[last] : 0;
            return false;
        }
    }

    static final class Rename extends EventMapping {
        private final int tid = wanted.number("tid");
        private final int newComm = wanted.text("newcomm");
        private final int oldComm = wanted.text("oldcomm");

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.TASK_RENAME;
            slot.tid = integer(cursor, tid);
            slot.comm0 = comm(cursor, newComm, 0);
            slot.comm1 = comm(cursor, newComm, 8);
            slot.arg0 = comm(cursor, oldComm, 0);
            slot.arg1 = comm(cursor, oldComm, 8);
            return false;
        }
    }

    /** Begin or end of serving an interrupt. */
    static final class Interrupt extends EventMapping {
        private final int flag;
        private final boolean begins;

        Interrupt(int flag, boolean begins) {
            this.flag = flag;
            this.begins = begins;
        }

        @Override
        public boolean isEvent(PacketCursor cursor) {
            return false;
        }

        @Override
        public void observe(CpuState cpu) {
            cpu.contextFlags = begins ? cpu.contextFlags | flag : cpu.contextFlags & ~flag;
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            throw new IllegalStateException("no event");
        }
    }
}
