package ktrace.ctf.write;

import java.util.HashMap;
import java.util.Map;
import ktrace.ctf.KernelEvent;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.text.RawText;

/** Writes the rare events, which carry objects: what was there at the begin, and execs. Allocates. */
final class StateWriter {
    /** CLONE_THREAD of linux/sched.h. */
    private static final long CLONE_THREAD = 0x10000;
    /** LTTng's names for what a thread is and does (lttng-statedump-impl.c): enum lttng_execution_mode, lttng_execution_submode. */
    private static final int USER_MODE = 0;
    private static final int SYSCALL_MODE = 1;
    private static final int NO_SUBMODE = 0;
    /** A longer text is cut: no file name is, and no command line that a person reads. */
    private static final int MAX_TEXT_BYTES = 1 << 20;

    private enum Dump {
        NOT_BEGUN, RUNNING, DONE
    }

    private final CtfWriter writer;
    private final Map<Integer, Integer> parents = new HashMap<>();
    private Dump dump = Dump.NOT_BEGUN;

    StateWriter(CtfWriter writer) {
        this.writer = writer;
    }

    static boolean isThread(long cloneFlags) {
        return (cloneFlags & CLONE_THREAD) != 0;
    }

    static byte[] utf8(String text) {
        byte[] bytes = RawText.bytes(text.replace('\0', ' '));
        return bytes.length <= MAX_TEXT_BYTES ? bytes : java.util.Arrays.copyOf(bytes, MAX_TEXT_BYTES);
    }

    void write(TraceEvent event) {
        if (event.type == EventType.SCHED_PROCESS_EXEC) {
            byte[] file = utf8(event.payload instanceof String text ? text : "");
            PacketWriter out = writer.begin(KernelEvent.SCHED_PROCESS_EXEC, event, file.length + 9);
            out.text(file);
            out.i32(event.tid);
            out.i32(event.otherTid);
            return;
        }
        if (dump == Dump.NOT_BEGUN) {
            dump = Dump.RUNNING;
            writer.begin(KernelEvent.STATEDUMP_START, event, 0);
        }
        switch (event.payload) {
            case ProcessSnapshot process -> process(process, event);
            case ThreadSnapshot thread -> thread(thread, event);
            case FdSnapshot fd -> fd(fd, event);
            case null, default -> { }
        }
    }

    /** What is there is told once more, for a reader who has nothing of what was written before. */
    void again() {
        dump = Dump.NOT_BEGUN;
    }

    /** The end of the trace is also that of the dump, which goes on with every process that execs. */
    void end(TraceEvent event) {
        if (dump == Dump.RUNNING) {
            dump = Dump.DONE;
            writer.begin(KernelEvent.STATEDUMP_END, event, 0);
        }
    }

    private void process(ProcessSnapshot process, TraceEvent event) {
        parents.put(process.tgid(), process.ppid());
        byte[] comm = utf8(process.comm());
        byte[] cmdline = utf8(process.cmdline());
        PacketWriter out = writer.begin(KernelEvent.STATEDUMP_PROCESS, event, comm.length + cmdline.length + 15L);
        process(out, process, comm, cmdline);
    }

    static void process(PacketWriter out, ProcessSnapshot process, byte[] comm, byte[] cmdline) {
        out.i32(process.tgid());
        out.i32(process.ppid());
        out.text(comm);
        out.text(cmdline);
        out.i32(process.inside());
        out.u8(process.inNamespace() ? 1 : 0);
    }

    private void thread(ThreadSnapshot thread, TraceEvent event) {
        int ppid = parents.getOrDefault(thread.tgid(), 0);
        PacketWriter out = writer.begin(KernelEvent.STATEDUMP_THREAD, event, 70L + 8L * thread.args().length);
        out.i32(thread.tid());
        out.i32(thread.tid());
        out.i32(thread.tgid());
        out.i32(thread.tgid());
        out.i32(ppid);
        out.i32(ppid);
        CtfWriter.comm(out, Comm.pack(thread.comm(), 0), Comm.pack(thread.comm(), 8));
        out.i32(0);
        out.i32(thread.syscall() >= 0 ? SYSCALL_MODE : USER_MODE);
        out.i32(NO_SUBMODE);
        out.i32(status(thread.state()));
        out.i32(0);
        out.i32(0);
        call(out, thread);
    }

    /** How a thread is, and in which call. */
    static void call(PacketWriter out, ThreadSnapshot thread) {
        out.u8(thread.state());
        out.i32(thread.syscall());
        out.u8(thread.args().length);
        for (long argument : thread.args()) {
            out.i64(argument);
        }
    }

    /** enum lttng_process_status: unnamed, wait_fork, wait_cpu, exit, zombie, wait, run, dead. */
    private static int status(char state) {
        return switch (state) {
            case 'R' -> 2;
            case 'Z' -> 4;
            case 'X' -> 7;
            case 'S', 'D', 'I', 'T', 't', ThreadSnapshot.FROZEN -> 5;
            default -> 0;
        };
    }

    private void fd(FdSnapshot fd, TraceEvent event) {
        byte[] name = utf8(fd.object().name());
        byte[] kind = utf8(fd.object().kind().label());
        PacketWriter out = writer.begin(KernelEvent.STATEDUMP_FD, event,
                38L + name.length + kind.length + 4L * fd.watched().size());
        descriptor(out, fd, name);
        object(out, fd, kind);
    }

    /** What LTTng tells of a descriptor. */
    static void descriptor(PacketWriter out, FdSnapshot fd, byte[] name) {
        out.i32(fd.tgid());
        out.i32(fd.fd());
        out.i32(fd.flags());
        out.i32(mode(fd.flags()));
        out.text(name);
    }

    /** FMODE_READ and FMODE_WRITE (include/linux/fs.h) of an access mode. */
    private static int mode(int flags) {
        return (flags & 3) + 1 & 3;
    }

    static void object(PacketWriter out, FdSnapshot fd, byte[] kind) {
        out.text(kind);
        out.i64(fd.object().key());
        out.i64(fd.peerKey());
        out.i32(fd.watched().size());
        for (int watched : fd.watched()) {
            out.i32(watched);
        }
    }
}
