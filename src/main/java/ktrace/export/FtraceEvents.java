package ktrace.export;

import java.util.function.IntFunction;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.export.PerfettoField.FtraceEvent;

/**
 * Events of the kernel as messages of Perfetto's, field by field as its ftrace/*.proto have them. One thread; allocates names only.
 */
final class FtraceEvents {
    private final ProtoMessage content = new ProtoMessage();
    private final ProtoMessage event = new ProtoMessage();
    private final IntFunction<String> ownNames;

    /**
     * @param ownNames the name of a call that Perfetto has no name for, as it does not know the machine's numbers, else null: it is
     *     written as the begin and end of something with that name
     */
    FtraceEvents(IntFunction<String> ownNames) {
        this.ownNames = ownNames;
    }

    /** Null when it is no event of the kernel's. What it gives is good until the next call. */
    ProtoMessage of(TraceEvent e) {
        return switch (e.type) {
            case SYS_ENTER -> sysEnter(e);
            case SYS_EXIT -> ownNames.apply((int) e.number) != null
                    ? print(e, "E|" + tgid(e))
                    : message(e, FtraceEvent.SYS_EXIT, content.clear().number(1, e.number).number(2, e.result));
            case SCHED_SWITCH -> message(e, FtraceEvent.SCHED_SWITCH, schedSwitch(e));
            case SCHED_WAKING -> message(e, FtraceEvent.SCHED_WAKING, wakeup(e));
            case SCHED_WAKEUP_NEW -> message(e, FtraceEvent.SCHED_WAKEUP_NEW, wakeup(e));
            case SCHED_MIGRATE_TASK -> message(e, FtraceEvent.SCHED_MIGRATE_TASK, migrateTask(e));
            case TASK_NEWTASK -> message(e, FtraceEvent.TASK_NEWTASK, newTask(e));
            case TASK_RENAME -> message(e, FtraceEvent.TASK_RENAME, rename(e));
            case SCHED_PROCESS_EXEC -> message(e, FtraceEvent.SCHED_PROCESS_EXEC, exec(e));
            case SCHED_PROCESS_EXIT -> message(e, FtraceEvent.SCHED_PROCESS_EXIT, exit(e));
            case START, SIGNAL_DELIVER, EVENTS_LOST, PROCESS_STATE, THREAD_STATE, FD_STATE, FACT, INTERVAL, END, RING_CREATE,
                    RING_SUBMIT, RING_FILE, RING_READY, RING_COMPLETE, RING_WAIT,
                    LOCK_CONTENDED, WORK_QUEUED, WORK_STARTED, INET_SOCK_SET_STATE,
                    PAGE_FAULTED -> null;
        };
    }

    /** The fork that a TASK_NEWTASK is of: the child has its parent's name, which is all that the kernel's event has more. */
    ProtoMessage fork(TraceEvent e) {
        content.clear()
                .comm(1, e.comm0, e.comm1)
                .number(2, e.tid)
                .comm(3, e.comm0, e.comm1)
                .number(4, e.otherTid);
        return message(e, FtraceEvent.SCHED_PROCESS_FORK, content);
    }

    private ProtoMessage message(TraceEvent e, int field, ProtoMessage filled) {
        // Perfetto reads events faster that begin with these two, in this order.
        event.clear().number(FtraceEvent.TIMESTAMP, happenedNs(e)).number(FtraceEvent.PID, Integer.toUnsignedLong(e.tid));
        event.message(field, filled);
        if (e.inInterrupt()) {
            event.number(FtraceEvent.COMMON_FLAGS, e.contextFlags & 0xff);
        }
        return event;
    }

    /** A switch that was learnt of late is of the time when it was. */
    private static long happenedNs(TraceEvent e) {
        return e.type == EventType.SCHED_SWITCH && e.arg4 != 0 ? e.arg4 : e.timeNs;
    }

    private ProtoMessage sysEnter(TraceEvent e) {
        String name = ownNames.apply((int) e.number);
        return name != null ? print(e, "B|" + tgid(e) + "|" + name)
                : message(e, FtraceEvent.SYS_ENTER, content.clear().number(1, e.number)
                        .number(2, e.arg0).number(2, e.arg1).number(2, e.arg2)
                        .number(2, e.arg3).number(2, e.arg4).number(2, e.arg5));
    }

    /** As atrace writes it, which Perfetto reads. */
    private ProtoMessage print(TraceEvent e, String text) {
        return message(e, FtraceEvent.PRINT, content.clear().text(2, text));
    }

    private static int tgid(TraceEvent e) {
        return e.thread == null ? e.tid : e.thread.process().tgid();
    }

    private ProtoMessage schedSwitch(TraceEvent e) {
        return content.clear()
                .comm(1, e.arg0, e.arg1)
                .number(2, e.tid)
                .number(3, (int) e.arg2)
                .number(4, e.number)
                .comm(5, e.comm0, e.comm1)
                .number(6, e.otherTid)
                .number(7, (int) e.arg3);
    }

    private ProtoMessage wakeup(TraceEvent e) {
        return content.clear()
                .comm(1, e.comm0, e.comm1)
                .number(2, e.otherTid)
                .number(3, (int) e.arg1)
                .number(4, 1)
                .number(5, (int) e.arg0);
    }

    private ProtoMessage migrateTask(TraceEvent e) {
        return content.clear()
                .comm(1, e.comm0, e.comm1)
                .number(2, e.otherTid)
                .number(3, (int) e.arg2)
                .number(4, (int) e.arg0)
                .number(5, (int) e.arg1);
    }

    private ProtoMessage newTask(TraceEvent e) {
        return content.clear()
                .number(1, e.otherTid)
                .comm(2, e.comm0, e.comm1)
                .number(3, e.number);
    }

    private ProtoMessage rename(TraceEvent e) {
        return content.clear()
                .number(1, e.tid)
                .comm(2, e.arg0, e.arg1)
                .comm(3, e.comm0, e.comm1);
    }

    private ProtoMessage exec(TraceEvent e) {
        return content.clear()
                .text(1, e.payload instanceof String file ? file : "")
                .number(2, e.tid)
                .number(3, e.otherTid);
    }

    private ProtoMessage exit(TraceEvent e) {
        content.clear().comm(1, e.comm0, e.comm1).number(2, e.tid);
        if (e.tgid >= 0) {
            content.number(3, e.tgid);
        }
        return content.number(4, (int) e.arg0);
    }
}
