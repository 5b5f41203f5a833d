package ktrace.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import ktrace.decode.ArgumentNames;
import ktrace.decode.ArgumentTexts;
import ktrace.decode.CallerMemory;
import ktrace.decode.DecodeOptions;
import ktrace.decode.FdNames;
import ktrace.decode.GivenMemory;
import ktrace.decode.calls.CallFormatter;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadId;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.intervals.Interval;
import ktrace.linux.PrevState;
import ktrace.linux.SyscallTable;

/**
 * A trace in rows: one for each system call, when it ends, and one for each wait; CSV or JSON lines. Rows are in order of the
 * events that ended what they tell of.
 */
public final class RowExporter implements TraceExport {

    private static final int MAX_UNMET = 16_384;

    private final RowFormat format;
    private final SyscallTable syscalls;
    private final CallFormatter formatter = new CallFormatter(DecodeOptions.DEFAULT, ArgumentNames.UNKNOWN);
    private final Map<ThreadId, TracedCall> threads = new LinkedHashMap<>();
    /** Names of processes that were described before any event of theirs; most never have one. */
    private final Map<Integer, String> unmet = new HashMap<>();
    private final GivenMemory given = new GivenMemory();
    private final StringBuilder text = new StringBuilder();
    private boolean noScheduler;

    private RowExporter(RowFormat format, SyscallTable syscalls) {
        this.format = format;
        this.syscalls = syscalls;
    }

    /**
     * Comma-separated values as RFC 4180 has them. Texts begin with none of the characters that spreadsheets take for a formula.
     *
     * @param syscalls of the trace
     */
    public static TraceExport csv(OutputStream out, SyscallTable syscalls) {
        return new RowExporter(new CsvRows(out, syscalls::name), syscalls);
    }

    /**
     * One JSON object a line. Fields may be added, never renamed.
     *
     * @param syscalls of the trace
     * @throws UncheckedIOException when the stream takes nothing
     */
    public static TraceExport json(OutputStream out, TracedMachine machine, String ktraceVersion, SyscallTable syscalls) {
        return new RowExporter(new JsonRows(out, machine, ktraceVersion, syscalls::name), syscalls);
    }

    @Override
    public void onEvent(TraceEvent event) {
        try {
            write(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(TraceEvent event) throws IOException {
        switch (event.type) {
            case START -> {
                noScheduler = event.number == 1;
                format.begin(event.timeNs);
            }
            case SYS_ENTER -> enter(event);
            case SYS_EXIT -> exit(event);
            case SCHED_SWITCH -> {
                if ((event.number & PrevState.DEAD) == 0) {
                    rename(event.thread, event.arg0, event.arg1);
                } else if (event.thread != null) {
                    threads.remove(event.thread);
                }
                rename(event.otherThread, event.comm0, event.comm1);
            }
            case TASK_NEWTASK, TASK_RENAME, SCHED_WAKING -> rename(event.thread, event.comm0, event.comm1);
            case THREAD_STATE -> {
                if (event.thread != null && event.payload instanceof ThreadSnapshot snapshot) {
                    of(event.thread).rename(snapshot.comm());
                }
            }
            case PROCESS_STATE -> {
                if (event.payload instanceof ProcessSnapshot snapshot) {
                    describe(event.thread, snapshot);
                }
            }
            case SCHED_PROCESS_EXEC -> exec(event);
            case SCHED_PROCESS_EXIT -> {
                // It may wait until its last switch, if there is one.
                TracedCall call = event.thread == null ? null
                        : noScheduler ? threads.remove(event.thread) : threads.get(event.thread);
                if (call != null && call.inside) {
                    finish(call, event.timeNs, TracedCall.End.EXITED);
                }
            }
            case EVENTS_LOST -> {
                for (TracedCall call : threads.values()) {
                    if (call.inside) {
                        finish(call, TracedCall.UNKNOWN_NS, TracedCall.End.CUT);
                    }
                }
                format.lost(event.timeNs, event.cpu, event.number);
            }
            case END -> {
                for (TracedCall call : threads.values()) {
                    if (call.inside) {
                        finish(call, TracedCall.UNKNOWN_NS, TracedCall.End.ONGOING);
                    }
                }
                format.end(event.timeNs, event.payload instanceof WindowFacts facts ? facts : null);
            }
            case SCHED_WAKEUP_NEW, SCHED_MIGRATE_TASK, SIGNAL_DELIVER, FD_STATE, FACT, INTERVAL, RING_CREATE, RING_SUBMIT,
                    RING_FILE, RING_READY, RING_COMPLETE, RING_WAIT, LOCK_CONTENDED, WORK_QUEUED,
                    WORK_STARTED, INET_SOCK_SET_STATE, PAGE_FAULTED -> { }
        }
    }

    @Override
    public void onWait(Interval wait) {
        TracedCall thread = threads.get(wait.thread());
        try {
            format.wait(wait, thread == null ? "" : thread.comm());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void finish() throws IOException {
        format.flush();
    }

    @Override
    public String leftOut() {
        return "";
    }

    private TracedCall of(ThreadId thread) {
        return threads.computeIfAbsent(thread, this::meet);
    }

    private TracedCall meet(ThreadId thread) {
        TracedCall call = new TracedCall(thread);
        String name = thread.tid() == thread.process().tgid() ? unmet.remove(thread.tid()) : null;
        if (name != null) {
            call.rename(name);
        }
        return call;
    }

    private void describe(ThreadId leader, ProcessSnapshot snapshot) {
        if (leader != null) {
            of(leader).rename(snapshot.comm());
        } else if (unmet.size() < MAX_UNMET) {
            unmet.put(snapshot.tgid(), snapshot.comm());
        }
    }

    private void rename(ThreadId thread, long comm0, long comm1) {
        if (thread != null) {
            of(thread).rename(comm0, comm1);
        }
    }

    private void enter(TraceEvent event) throws IOException {
        if (event.thread == null) {
            return;
        }
        TracedCall call = of(event.thread);
        if (call.inside) {
            finish(call, TracedCall.UNKNOWN_NS, TracedCall.End.CUT);
        }
        call.inside = true;
        call.number = (int) event.number;
        call.startNs = event.timeNs;
        call.hasResult = false;
        call.object = event.object;
        call.text = event.payload instanceof String written ? written : null;
        call.given = event.payload instanceof ArgumentTexts texts ? texts : null;
        call.call.enter(syscalls.abi(), call.number, event.arg0, event.arg1, event.arg2, event.arg3, event.arg4, event.arg5)
                .named(syscalls.nameOfOwn(call.number));
    }

    private void exit(TraceEvent event) throws IOException {
        if (event.thread == null) {
            return;
        }
        TracedCall call = of(event.thread);
        boolean isPaired = event.call != TraceEvent.NO_CALL;
        if (call.inside && !isPaired) {
            finish(call, TracedCall.UNKNOWN_NS, TracedCall.End.CUT);
        }
        if (!call.inside) {
            call.number = isPaired ? event.call : (int) event.number;
            call.startNs = TracedCall.UNKNOWN_NS;
            call.object = null;
            call.text = null;
            call.given = null;
        }
        // rt_sigreturn(2) restores the registers: its exit has no number, and the result of the call that was interrupted.
        call.hasResult = !isPaired || event.call == event.number;
        call.result = event.result;
        if (call.text != null && event.payload instanceof String rest) {
            call.text += rest;
        }
        finish(call, event.timeNs, TracedCall.End.RETURNED);
    }

    private void exec(TraceEvent event) throws IOException {
        TracedCall before = event.otherThread == null || event.otherThread == event.thread ? null
                : threads.remove(event.otherThread);
        if (before == null || !before.inside) {
            return;
        }
        if (event.thread == null) {
            finish(before, event.timeNs, TracedCall.End.EXITED);
            return;
        }
        TracedCall call = of(event.thread);
        if (call.inside) {
            finish(call, event.timeNs, TracedCall.End.EXITED);
        }
        // The leader's number returns from the call that another thread made.
        call.inside = true;
        call.number = before.number;
        call.startNs = before.startNs;
        call.hasResult = false;
        call.object = before.object;
        call.text = before.text;
        call.given = before.given;
        call.call.enter(syscalls.abi(), before.number, before.call.argument(0), before.call.argument(1), before.call.argument(2),
                before.call.argument(3), before.call.argument(4), before.call.argument(5)).named(syscalls.nameOfOwn(before.number));
    }

    private void finish(TracedCall call, long endNs, TracedCall.End end) throws IOException {
        call.inside = false;
        call.endNs = endNs;
        call.end = end;
        text.setLength(0);
        if (call.text != null) {
            text.append(call.text);
        } else if (call.startNs != TracedCall.UNKNOWN_NS) {
            formatter.enter(call.call, given.of(call.call, call.given), FdNames.UNKNOWN, text);
            if (call.hasResult) {
                formatter.exit(call.call.exit(call.result), CallerMemory.UNREADABLE, FdNames.UNKNOWN, text);
            }
        }
        if (!text.isEmpty() && end != TracedCall.End.RETURNED) {
            text.append(end == TracedCall.End.EXITED ? ") = ?" : " <unfinished ...>");
        }
        format.call(call, text);
    }
}
