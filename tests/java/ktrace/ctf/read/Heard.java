package ktrace.ctf.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ktrace.event.Comm;
import ktrace.event.EventStream;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/** The events of a trace as lines of text, stream by stream. */
public final class Heard {
    private Heard() {
    }

    public static List<String> of(Path directory) {
        try (CtfReader reader = CtfReader.open(directory)) {
            return of(reader);
        }
    }

    public static List<String> of(CtfReader reader) {
        List<String> lines = new ArrayList<>();
        TraceEvent event = new TraceEvent();
        for (EventStream stream : reader.streams()) {
            stream.refresh();
            while (stream.nextTimeNs() != EventStream.NOTHING) {
                stream.take(event);
                lines.add(line(event));
            }
        }
        return lines;
    }

    static String line(TraceEvent event) {
        String who = event.timeNs + " cpu" + event.cpu + " " + event.type + " " + event.tid
                + (event.tgid < 0 ? "" : "/" + event.tgid);
        String comm = Comm.text(event.comm0, event.comm1);
        String flags = event.contextFlags == 0 ? "" : " flags " + event.contextFlags;
        return who + switch (event.type) {
            case SYS_ENTER -> " " + event.number + "(" + event.arg0 + " " + event.arg1 + " " + event.arg2 + " " + event.arg3 + " "
                    + event.arg4 + " " + event.arg5 + ")";
            case SYS_EXIT -> " " + event.number + " = " + event.result;
            case SCHED_SWITCH -> " " + Comm.text(event.arg0, event.arg1) + ":" + event.arg2 + " [" + event.number + "] -> "
                    + event.otherTid
                    + " " + comm + ":" + event.arg3;
            case SCHED_WAKING, SCHED_WAKEUP_NEW -> " -> " + event.otherTid + " " + comm + ":" + event.arg1 + " on " + event.arg0
                    + flags;
            case SCHED_MIGRATE_TASK -> " " + event.otherTid + " " + comm + ":" + event.arg2 + " " + event.arg0 + " -> "
                    + event.arg1;
            case TASK_NEWTASK -> " -> " + event.otherTid + " " + comm + " " + Long.toHexString(event.number);
            case TASK_RENAME -> " " + Comm.text(event.arg0, event.arg1) + " -> " + comm;
            case SCHED_PROCESS_EXEC -> " was " + event.otherTid + " " + event.payload;
            case SCHED_PROCESS_EXIT -> " " + comm + ":" + event.arg0;
            case INET_SOCK_SET_STATE -> " " + event.number + " " + event.result + " " + event.arg0 + " " + event.arg1 + " " + event.arg2
                    + " " + event.arg3 + " " + event.arg4 + " " + event.arg5;
            case EVENTS_LOST -> " " + event.number;
            default -> payload(event);
        };
    }

    private static String payload(TraceEvent event) {
        return event.payload == null || event.type == EventType.START ? "" : " " + event.payload;
    }
}
