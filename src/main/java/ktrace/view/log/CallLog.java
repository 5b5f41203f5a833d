package ktrace.view.log;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import ktrace.decode.ArgumentTexts;
import ktrace.decode.CallerMemory;
import ktrace.decode.GivenMemory;
import ktrace.decode.calls.CallFormatter;
import ktrace.event.Comm;
import ktrace.event.EventSink;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.linux.Abi;
import ktrace.linux.Errno;
import ktrace.linux.SyscallTable;
import ktrace.text.Escaper;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Writes a line for every call of the observed threads when it has returned, as strace(1) does; and what else becomes of them.
 *
 * <pre>
 * 14:03:22.123456 1234 cat  read(3&lt;/etc/passwd&gt;, 0x7ffd1a2b, 131072) = 1024 &lt;0.000012&gt;
 * time of entry   tid  comm
 * </pre>
 *
 * <p>A stage after the tracker: it takes the stamps that say what a call works on. Arguments come as a text with the event, or are
 * decoded from the registers, and from what they point to where that came along. Everything runs on the one thread that calls
 * {@link #onEvent}, but {@link #onQuit} and {@link #failure}, which any may call. Lines are buffered until an interval ends, or
 * a fifth of a second of the trace has gone by.
 */
public final class CallLog implements EventSink {
    /** What is executed by its descriptor (fs/exec.c, alloc_bprm). */
    private static final String OPENED = "/dev/fd/";

    private final ShownCalls shown;
    private final Abi abi;
    private final SyscallTable syscalls;
    private final CallFormatter formatter;
    private final Escaper escaper;
    private final LogLines lines;
    private final Int2ObjectHashMap<LoggedThread> threads = new Int2ObjectHashMap<>();
    /** By process, what a thread of it gave to exit_group(2). */
    private final Int2ObjectHashMap<Integer> exitCodes = new Int2ObjectHashMap<>();
    private final LoggedTasks tasks = new LoggedTasks(threads);
    private final LoggedFds fds = new LoggedFds(tasks);
    private final GivenMemory given = new GivenMemory();
    private long startNs = LoggedThread.UNKNOWN_TIME;

    /** @param out written to and flushed, but not closed */
    public CallLog(OutputStream out, CallLogOptions options) {
        this(out, options, SyscallTable.of(options.abi()));
    }

    /** @param syscalls what the numbers in the events stand for: those of the options' ABI, and what only a trace has */
    public CallLog(OutputStream out, CallLogOptions options, SyscallTable syscalls) {
        this.shown = new ShownCalls(options, syscalls);
        this.abi = options.abi();
        this.syscalls = syscalls;
        this.formatter = new CallFormatter(options.decode(), options.argumentNames());
        this.escaper = options.asciiOnly() ? Escaper.ASCII : Escaper.UNICODE;
        this.lines = new LogLines(out, new TimeOfDay(options.zone(), options.realtimeOffsetNs(), options.choice().time()),
                options.asciiOnly(), options.choice());
    }

    /** {@code action} is run, once, when nothing more can be written: the reader of the pipe has gone, or there was an error. */
    public void onQuit(Runnable action) {
        lines.onQuit(action);
    }

    /** Why no more could be written, or null; that the reader of a pipe has gone is no failure. */
    public IOException failure() {
        return lines.failure();
    }

    @Override
    public void onEvent(TraceEvent event) {
        switch (event.type) {
            case SYS_ENTER -> {
                if (event.thread != null) {
                    enter(thread(event.tid, event.thread.process().tgid()), event);
                }
            }
            case SYS_EXIT -> {
                if (event.thread != null) {
                    exit(thread(event.tid, event.thread.process().tgid()), event);
                }
            }
            case TASK_NEWTASK -> born(event);
            case TASK_RENAME -> {
                if (event.thread != null) {
                    thread(event.tid, event.thread.process().tgid()).called(Comm.text(event.comm0, event.comm1), escaper);
                }
            }
            case SCHED_PROCESS_EXEC -> {
                if (event.thread != null) {
                    execed(event);
                }
            }
            case SIGNAL_DELIVER -> signalled(event);
            case SCHED_PROCESS_EXIT -> exited(event);
            case PROCESS_STATE -> {
                if (event.payload instanceof ProcessSnapshot process) {
                    tasks.found(process);
                    name(thread(process.tgid(), process.tgid()), process.comm());
                }
            }
            case THREAD_STATE -> {
                if (event.payload instanceof ThreadSnapshot snapshot && event.thread != null) {
                    found(snapshot, event);
                }
            }
            case FD_STATE, FACT -> fds.learn(event.payload);
            case EVENTS_LOST -> {
                if (event.number == 0) {
                    lines.start(event.timeNs).append("--- nothing more recorded on CPU ").append(event.cpu).append(" ---");
                } else {
                    lines.start(event.timeNs).append("--- ").append(event.number).append(" events lost ---");
                }
                lines.end(event.timeNs);
            }
            case INTERVAL -> lines.flush(event.timeNs);
            case END -> {
                threads.values().forEach(thread -> unfinished(thread, event.timeNs));
                lines.finish(event.timeNs);
            }
            case START -> startNs = event.timeNs;
            case SCHED_SWITCH -> {
                if (event.otherThread != null && event.comm0 != 0) {
                    LoggedThread next = thread(event.otherTid, event.otherThread.process().tgid());
                    if (next.name.isEmpty()) {
                        next.called(Comm.text(event.comm0, event.comm1), escaper);
                    }
                }
            }
            case SCHED_WAKING, SCHED_WAKEUP_NEW, SCHED_MIGRATE_TASK, RING_CREATE, RING_SUBMIT, RING_FILE,
                    RING_READY, RING_COMPLETE, RING_WAIT, LOCK_CONTENDED, WORK_QUEUED, WORK_STARTED, INET_SOCK_SET_STATE,
                    PAGE_FAULTED -> { }
        }
    }

    // -- who there is ------------------------------------------------------------------------------------------------------

    private LoggedThread thread(int tid, int tgid) {
        LoggedThread thread = threads.get(tid);
        if (thread == null) {
            thread = new LoggedThread(tid, tgid);
            LoggedThread leader = threads.get(tgid);
            if (leader != null) {
                thread.calledLike(leader);
            }
            threads.put(tid, thread);
        }
        return thread;
    }

    private void name(LoggedThread thread, String comm) {
        if (thread.name.isEmpty()) {
            thread.called(comm, escaper);
        }
    }

    private void found(ThreadSnapshot snapshot, TraceEvent event) {
        LoggedThread thread = thread(snapshot.tid(), snapshot.tgid());
        thread.called(snapshot.comm(), escaper);
        if (snapshot.syscall() >= 0 && !thread.inCall && snapshot.args().length == 6) {
            long[] args = snapshot.args();
            begin(thread, event, snapshot.syscall(), args[0], args[1], args[2], args[3], args[4], args[5]);
            thread.enterNs = LoggedThread.UNKNOWN_TIME;
        }
    }

    private void born(TraceEvent event) {
        if (event.thread == null) {
            return;
        }
        int tgid = event.thread.process().tgid();
        LoggedThread child = new LoggedThread(event.otherTid, tgid);
        child.called(Comm.text(event.comm0, event.comm1), escaper);
        threads.put(event.otherTid, child);
        if (tgid == event.otherTid && event.otherThread != null) {
            fds.inherit(event.otherThread.process().tgid(), tgid);
            tasks.born(event.otherThread.process().tgid(), tgid, event.number);
        }
    }

    private void execed(TraceEvent event) {
        if (event.otherTid != event.tid) {
            LoggedThread caller = threads.remove(event.otherTid);
            if (caller != null && caller.inCall) {
                thread(event.tid, event.tid).continueFrom(caller);
            }
        }
        LoggedThread thread = thread(event.tid, event.tid);
        String opened = event.payload instanceof String file && file.startsWith(OPENED) ? fds.opened(event.tid, file) : null;
        // Which of its descriptors were to be closed is not known of all: each is known again when it is seen at work.
        fds.forget(event.tid);
        if (event.payload instanceof String file && !file.isEmpty() && !file.startsWith(OPENED)) {
            // As the kernel does; the renaming itself comes before the first event of a command. What is executed by its descriptor
            // (fexecve) the kernel names after the file, and tells by its number.
            String name = file.substring(file.lastIndexOf('/') + 1);
            thread.called(Comm.text(Comm.pack(name, 0), Comm.pack(name, 8)), escaper);
        }
        if (!(thread.inCall && thread.wanted && !thread.text.isEmpty()) && shown.othersAreShown()) {
            StringBuilder line = lines.start(thread, event.timeNs);
            line.append("+++ exec ").append(escaper.escape(opened != null ? opened : String.valueOf(event.payload))).append(" +++");
            lines.end(event.timeNs);
        }
    }

    private void signalled(TraceEvent event) {
        if (event.thread != null && event.payload instanceof String text && shown.othersAreShown()) {
            lines.start(thread(event.tid, event.thread.process().tgid()), event.timeNs).append("--- ").append(text).append(" ---");
            lines.end(event.timeNs);
        }
    }

    private void exited(TraceEvent event) {
        LoggedThread thread = threads.get(event.tid);
        if (thread == null || event.thread == null) {
            return;
        }
        unfinished(thread, event.timeNs, ") = ?");
        Integer code = thread.exitCode != null ? thread.exitCode : exitCodes.get(thread.tgid);
        if (shown.othersAreShown()) {
            StringBuilder line = lines.start(thread, event.timeNs).append("+++ ");
            if (event.payload instanceof Integer waitStatus) {
                LogLines.ending(line, waitStatus);
            } else {
                line.append(code == null ? "exited" : "exited with " + code);
            }
            line.append(" +++");
            lines.end(event.timeNs);
        }
        threads.remove(event.tid);
        if (event.tid == thread.tgid) {
            fds.forget(thread.tgid);
            tasks.gone(thread.tgid);
            exitCodes.remove(thread.tgid);
        }
    }

    // -- calls -------------------------------------------------------------------------------------------------------------

    private void enter(LoggedThread thread, TraceEvent event) {
        if (thread.inCall) {
            unfinished(thread, event.timeNs);
        }
        begin(thread, event, (int) event.number, event.arg0, event.arg1, event.arg2, event.arg3, event.arg4, event.arg5);
        // At the very start stands a call that had begun before.
        thread.enterNs = event.timeNs == startNs ? LoggedThread.UNKNOWN_TIME : event.timeNs;
    }

    private void begin(LoggedThread thread, TraceEvent event, int number, long arg0, long arg1, long arg2, long arg3, long arg4,
            long arg5) {
        thread.call.enter(abi, number, arg0, arg1, arg2, arg3, arg4, arg5).named(syscalls.nameOfOwn(number));
        thread.inCall = true;
        thread.object = event.object;
        thread.peers = event.peers;
        thread.text.setLength(0);
        thread.given = event.payload instanceof ArgumentTexts texts ? texts : null;
        switch (syscalls.name(number)) {
            case "exit_group" -> exitCodes.put(thread.tgid, (Integer) (int) (arg0 & 0xff));
            case "exit" -> thread.exitCode = (int) (arg0 & 0xff);
            // What the tracker stamped is what they close, either of two, or something that their first descriptor is not.
            case "dup2", "dup3", "sendfile", "splice", "tee", "copy_file_range", "openat", "openat2", "pidfd_send_signal" ->
                    thread.object = null;
            case "fcntl", "fcntl64", "ioctl" -> {
                // Most of what they do is about the descriptor: it has no other end.
                if (thread.object != null && thread.object.kind() != ObjectKind.FILELOCK) {
                    thread.peers = List.of();
                }
            }
            default -> { }
        }
        if (event.payload instanceof String text) {
            thread.wanted = shown.isWanted(text);
            thread.text.append(text);
        } else {
            thread.wanted = shown.isWanted(number);
        }
        // Names of descriptors are learned from calls that are not shown, too.
        if (thread.object != null && formatter.beginsWithDescriptor(thread.call)) {
            fds.put(thread.tgid, (int) arg0, thread.object);
        }
    }

    private void exit(LoggedThread thread, TraceEvent event) {
        boolean matches = thread.inCall
                && (event.call != TraceEvent.NO_CALL || isExec(event.number) && isExec(thread.call.number()));
        if (!matches) {
            if (thread.inCall) {
                unfinished(thread, event.timeNs);
            }
            resumed(thread, event);
            return;
        }
        thread.call.exit(event.result);
        StringBuilder line = thread.wanted && shown.isShown(thread, event) ? begun(thread, event.timeNs) : null;
        if (!Errno.isError(event.result)) {
            fds.succeeded(syscalls.name(thread.call.number()), thread, (int) event.result);
        }
        if (line != null) {
            if (event.payload instanceof String rest) {
                line.append(rest);
            } else {
                formatter.exit(thread.call, CallerMemory.UNREADABLE, fds.of(thread, true), line);
            }
            duration(line, thread, event.timeNs);
            lines.endCall(event.timeNs, Errno.isError(event.result));
        }
        thread.leave();
    }

    /** On x86-64 a new program's first return to user space is that of execve, whichever of the two it came by. */
    private boolean isExec(long number) {
        String name = syscalls.name((int) number);
        return name.equals("execve") || name.equals("execveat");
    }

    private static void duration(StringBuilder line, LoggedThread thread, long endNs) {
        line.append(" <");
        if (thread.enterNs == LoggedThread.UNKNOWN_TIME) {
            line.append('?');
        } else {
            TimeOfDay.appendSeconds(line, endNs - thread.enterNs);
        }
        line.append('>');
    }

    /**
     * A line with what was known at entry. Decoded from the registers only now, and not for a call that is not shown: by its end it
     * may have become known what it works on.
     */
    private StringBuilder begun(LoggedThread thread, long timeNs) {
        StringBuilder line = lines.start(thread, thread.enterNs == LoggedThread.UNKNOWN_TIME ? timeNs : thread.enterNs);
        if (thread.text.isEmpty()) {
            formatter.enter(thread.call, given.of(thread.call, thread.given), fds.of(thread, false), line);
        } else {
            line.append(thread.text);
        }
        return line;
    }

    /** A call of which only the end was seen. */
    private void resumed(LoggedThread thread, TraceEvent event) {
        String name = syscalls.name((int) event.number);
        if (shown.isWanted((int) event.number) && shown.isEndShown(event)) {
            StringBuilder line = lines.start(thread, event.timeNs);
            line.append("<... ").append(name).append(" resumed>) = ");
            if (Errno.isError(event.result)) {
                line.append("-1 ").append(Errno.describe((int) -event.result));
            } else {
                line.append(event.result);
            }
            lines.endCall(event.timeNs, Errno.isError(event.result));
        }
        thread.leave();
    }

    /** A call whose end was not seen. */
    private void unfinished(LoggedThread thread, long timeNs) {
        unfinished(thread, timeNs, " <unfinished ...>");
    }

    private void unfinished(LoggedThread thread, long timeNs, String ending) {
        if (thread.inCall && thread.wanted && shown.isUnfinishedShown(thread, timeNs)) {
            begun(thread, timeNs).append(ending);
            lines.endCall(timeNs, false);
        }
        thread.leave();
    }
}
