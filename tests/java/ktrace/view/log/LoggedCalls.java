package ktrace.view.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import ktrace.decode.ArgumentNames;
import ktrace.decode.DecodeOptions;
import ktrace.decode.calls.CallSet;
import ktrace.event.EventType;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;

/** Events of one thread, and the log that is made of them. */
abstract class LoggedCalls {
    static final long MS = 1_000_000;
    /** So that a time of 0 is 14:03:22 UTC. */
    static final long OFFSET_NS = ((14 * 60 + 3) * 60 + 22) * 1_000_000_000L;
    static final KernelObject PASSWD = new KernelObject(ObjectKind.DISK, "/etc/passwd", 7);
    static final KernelObject PIPE = new KernelObject(ObjectKind.PIPE, "pipe:[81]", 81);

    final ProcessId process = new ProcessId(1234, 1, 0, 0);
    final ThreadId thread = new ThreadId(1234, process, 0, 0);
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CallLog log = new CallLog(bytes, options(CallSet.ALL, 0, false));

    static CallLogOptions options(CallSet calls, long longerThanNs, boolean failedOnly) {
        return new CallLogOptions(Abi.current(), calls, longerThanNs, failedOnly, DecodeOptions.DEFAULT, ArgumentNames.UNKNOWN,
                ZoneOffset.UTC, OFFSET_NS, false, LineChoice.USUAL);
    }

    final void with(CallSet calls, long longerThanNs, boolean failedOnly) {
        log = new CallLog(bytes, options(calls, longerThanNs, failedOnly));
    }

    final TraceEvent event(EventType type, long timeNs) {
        TraceEvent event = new TraceEvent();
        event.type = type;
        event.timeNs = timeNs;
        event.tid = 1234;
        event.thread = thread;
        return event;
    }

    final TraceEvent enter(long timeNs, String name, long... args) {
        TraceEvent event = event(EventType.SYS_ENTER, timeNs);
        long[] all = java.util.Arrays.copyOf(args, 6);
        event.number = SyscallTable.current().number(name);
        event.arg0 = all[0];
        event.arg1 = all[1];
        event.arg2 = all[2];
        event.arg3 = all[3];
        event.arg4 = all[4];
        event.arg5 = all[5];
        return event;
    }

    /** Paired with the entry, as the tracker does. */
    final TraceEvent exit(long timeNs, String name, long result) {
        TraceEvent event = event(EventType.SYS_EXIT, timeNs);
        event.number = SyscallTable.current().number(name);
        event.call = (int) event.number;
        event.result = result;
        return event;
    }

    final void named(String comm) {
        TraceEvent event = event(EventType.THREAD_STATE, 0);
        event.payload = new ThreadSnapshot(1234, 1234, comm, 'R', -1, new long[0]);
        log.onEvent(event);
    }

    final String text() {
        log.onEvent(event(EventType.END, 900 * MS));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    final void with(LineChoice choice) {
        log = new CallLog(bytes, new CallLogOptions(Abi.current(), CallSet.ALL, 0, false, DecodeOptions.DEFAULT,
                ArgumentNames.UNKNOWN, ZoneOffset.UTC, OFFSET_NS, false, choice));
        named("cat");
    }
}
