package ktrace.ctf.write;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import ktrace.ctf.KernelEvent;
import ktrace.ctf.Tsdl;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.event.WindowFacts;
import ktrace.tracefs.TracepointFormat;

/**
 * Writes every event into the stream of its CPU, as the source gave it: a stage of its own beside the tracker. ktrace's own events
 * go into the stream of the first CPU. Packets are handed on when they are full and at the end of each interval, so that a ktrace
 * that is killed leaves all but the last second.
 *
 * <p>One thread. An event allocates nothing, unless it is the first or the 256th of its kind, or one that carries text.
 */
final class CtfWriter implements EventSink {
    /** Numbers of events from here on are those of calls: of each its entry and its exit. */
    static final int SYSCALLS = 64;
    /** What a call takes that somebody is told to be in. */
    private static final int IN_CALL_BYTES = 32;

    private final PacketSink sink;
    private final PacketWriter[] streams;
    private final PacketWriter first;
    private final EventIds ids = new EventIds();
    private final StringBuilder news = new StringBuilder();
    private final StateWriter states = new StateWriter(this);
    private final FactWriter facts = new FactWriter(this);
    private final RingWriter rings = new RingWriter(this);
    private final InferredSwitches inferred;
    private final CallWriter calls;
    private long events;

    /**
     * @param cpus the CPUs that there can be, ascending
     * @param formats the format of a tracepoint of the system {@code syscalls}, or a
     *     {@link ktrace.tracefs.TracepointException} when there is none
     * @param textsRead whether events may come with {@link ktrace.decode.ArgumentTexts}
     */
    CtfWriter(PacketSink sink, byte[] uuid, int[] cpus, Function<String, TracepointFormat> formats, boolean textsRead) {
        this.sink = sink;
        calls = new CallWriter(this, formats, textsRead);
        streams = new PacketWriter[cpus[cpus.length - 1] + 1];
        for (int cpu : cpus) {
            streams[cpu] = new PacketWriter(new Declared(), "cpu_" + cpu, uuid, cpu);
        }
        first = streams[cpus[0]];
        inferred = new InferredSwitches(streams.length);
    }

    /** Lets no packet go before what it needs is declared. */
    private final class Declared implements PacketSink {
        @Override
        public void metadata(String text) {
            sink.metadata(text);
        }

        @Override
        public boolean isBroken() {
            return sink.isBroken();
        }

        @Override
        public void packet(String file, java.lang.foreign.MemorySegment packet, long sizeBytes) {
            if (!news.isEmpty()) {
                sink.metadata(news.toString());
                news.setLength(0);
            }
            sink.packet(file, packet, sizeBytes);
        }
    }

    @Override
    public void onEvent(TraceEvent event) {
        if (event.type == EventType.SCHED_SWITCH && event.arg4 != 0) {
            late(event);
            return;
        }
        TraceEvent missing = inferred.before(event);
        if (missing != null) {
            switchFields(begin(KernelEvent.SCHED_SWITCH_INFERRED, missing, 57), missing).u8(1);
        }
        switch (event.type) {
            case SYS_ENTER -> calls.enter(event);
            case SYS_EXIT -> calls.exit(event);
            case SCHED_SWITCH -> switched(event);
            case SCHED_WAKING -> waking(event);
            case SCHED_WAKEUP_NEW -> wakeup(KernelEvent.SCHED_WAKEUP_NEW, event, 0);
            case SCHED_MIGRATE_TASK -> {
                PacketWriter out = begin(KernelEvent.SCHED_MIGRATE_TASK, event, 32);
                comm(out, event.comm0, event.comm1);
                out.i32(event.otherTid);
                out.i32(priority(event.arg2));
                out.i32((int) event.arg0);
                out.i32((int) event.arg1);
            }
            case TASK_NEWTASK -> newTask(event);
            case TASK_RENAME -> {
                PacketWriter out = begin(KernelEvent.TASK_RENAME, event, 36);
                out.i32(event.tid);
                comm(out, event.arg0, event.arg1);
                comm(out, event.comm0, event.comm1);
            }
            case SCHED_PROCESS_EXIT -> {
                PacketWriter out = begin(KernelEvent.SCHED_PROCESS_EXIT, event, 25);
                comm(out, event.comm0, event.comm1);
                out.i32(event.tid);
                out.i32(priority(event.arg0));
                out.u8((int) event.arg1);
            }
            case RING_CREATE, RING_SUBMIT, RING_FILE, RING_READY, RING_COMPLETE, RING_WAIT, LOCK_CONTENDED, WORK_QUEUED,
                    WORK_STARTED, PAGE_FAULTED -> rings.write(event);
            case INET_SOCK_SET_STATE -> {
                PacketWriter out = begin(KernelEvent.INET_SOCK_SET_STATE, event, 53);
                out.i64(event.arg0);
                out.i32((int) event.result);
                out.i32((int) event.number);
                out.i32((int) event.arg1);
                out.i64(event.arg2);
                out.i64(event.arg3);
                out.i64(event.arg4);
                out.i64(event.arg5);
                out.u8(event.contextFlags);
            }
            case EVENTS_LOST -> {
                stream(event).discard(event.number);
                begin(KernelEvent.EVENTS_LOST, event, 8).i64(event.number);
            }
            case SCHED_PROCESS_EXEC, PROCESS_STATE, THREAD_STATE, FD_STATE -> states.write(event);
            case FACT -> facts.write(event);
            // LTTng's has the handler, which nobody has told us.
            case SIGNAL_DELIVER -> { }
            case START -> start(event);
            case INTERVAL -> {
                window(KernelEvent.INTERVAL, event);
                flush(event.timeNs);
            }
            case END -> end(event);
        }
    }

    private void waking(TraceEvent event) {
        if (event.payload instanceof Waker.InCall call) {
            inCall(call, wakeup(KernelEvent.SCHED_WAKING_IN_CALL, event, IN_CALL_BYTES));
        } else {
            wakeup(KernelEvent.SCHED_WAKING, event, 0);
        }
    }

    private void switched(TraceEvent event) {
        Waker.InCall call = event.payload instanceof Waker.InCall told ? told : null;
        PacketWriter out = begin(call == null ? KernelEvent.SCHED_SWITCH : KernelEvent.SCHED_SWITCH_IN_CALL, event,
                56L + (call == null ? 0 : IN_CALL_BYTES));
        switchFields(out, event);
        if (call != null) {
            inCall(call, out);
        }
    }

    /** For other readers at its own time, as far as nothing was told of its CPU since. */
    private void late(TraceEvent event) {
        if (inferred.isNews(event)) {
            long sinceNs = Math.clamp(event.arg4, Math.min(stream(event).lastTimeNs(), event.timeNs), event.timeNs);
            switchFields(begin(KernelEvent.SCHED_SWITCH_INFERRED.ordinal(), event, sinceNs, 57), event).u8(1);
        }
        switchFields(begin(KernelEvent.SCHED_SWITCH_LATE, event, 56L + Long.BYTES), event).i64(event.arg4);
    }

    private static PacketWriter switchFields(PacketWriter out, TraceEvent event) {
        comm(out, event.arg0, event.arg1);
        out.i32(event.tid);
        out.i32(priority(event.arg2));
        out.i64(event.number);
        comm(out, event.comm0, event.comm1);
        out.i32(event.otherTid);
        out.i32(priority(event.arg3));
        return out;
    }

    private static void inCall(Waker.InCall call, PacketWriter out) {
        out.i32(call.call());
        out.i64(call.arg0());
        out.i64(call.arg1());
        out.i64(call.inode());
        out.i32(call.mode());
    }

    private PacketWriter wakeup(KernelEvent kind, TraceEvent event, int moreBytes) {
        PacketWriter out = begin(kind, event, 29L + moreBytes);
        comm(out, event.comm0, event.comm1);
        out.i32(event.otherTid);
        out.i32(priority(event.arg1));
        out.i32((int) event.arg0);
        out.u8(event.contextFlags);
        return out;
    }

    /** As LTTng counts: from the lowest of real time on. */
    private static int priority(long kernels) {
        return (int) kernels - KernelEvent.MAX_RT_PRIO;
    }

    private void newTask(TraceEvent event) {
        PacketWriter out = begin(KernelEvent.SCHED_PROCESS_FORK, event, 56);
        comm(out, event.comm0, event.comm1);
        out.i32(event.tid);
        out.i32(event.tgid);
        comm(out, event.comm0, event.comm1);
        out.i32(event.otherTid);
        out.i32(StateWriter.isThread(event.number) ? event.tgid : event.otherTid);
        out.i64(event.number);
    }

    private void window(KernelEvent kind, TraceEvent event) {
        WindowFacts facts = event.payload instanceof WindowFacts f ? f : new WindowFacts(event.timeNs, 0, 0, Map.of());
        byte[] counters = StateWriter.utf8(facts.counters().entrySet().stream()
                .map(entry -> entry.getKey().label() + '=' + entry.getValue()).sorted().collect(Collectors.joining(" ")));
        PacketWriter out = begin(kind, event, 25 + counters.length);
        out.i64(facts.startNs());
        out.i64(facts.events());
        out.i64(facts.syscallEvents());
        out.text(counters);
    }

    private void end(TraceEvent event) {
        states.end(event);
        window(KernelEvent.END, event);
        if (event.payload instanceof WindowFacts facts) {
            facts.lostOnCpu().forEach((cpu, lost) -> {
                if (cpu >= 0 && cpu < streams.length && streams[cpu] != null) {
                    streams[cpu].discardedInAll(lost);
                }
            });
        }
        for (PacketWriter stream : streams) {
            if (stream != null) {
                stream.end(event.timeNs);
            }
        }
    }

    private void start(TraceEvent event) {
        for (PacketWriter stream : streams) {
            if (stream != null) {
                stream.startAt(event.timeNs);
            }
        }
        begin(KernelEvent.START, event, 0);
    }

    /** What was written before is for itself: the state of the system is told once more from here on. */
    void separate(long timeNs) {
        flush(timeNs);
        states.again();
    }

    /** Hands on what is there of every stream. */
    private void flush(long timeNs) {
        for (PacketWriter stream : streams) {
            if (stream != null) {
                stream.flush(timeNs);
            }
        }
    }

    PacketWriter begin(KernelEvent kind, TraceEvent event, long fieldBytes) {
        return begin(kind.ordinal(), event, fieldBytes);
    }

    PacketWriter begin(int number, TraceEvent event, long fieldBytes) {
        return begin(number, event, event.timeNs, fieldBytes);
    }

    private PacketWriter begin(int number, TraceEvent event, long timeNs, long fieldBytes) {
        switch (ids.count(number)) {
            case NOTHING -> { }
            case FIRST -> declare(number, EventIds.extended(number));
            case OFTEN -> declare(number, ids.compact(number));
        }
        PacketWriter out = stream(event);
        out.begin(ids.compact(number), EventIds.extended(number), timeNs, fieldBytes + 2 * Integer.BYTES);
        out.i32(event.tgid);
        out.i32(event.tid);
        events++;
        return out;
    }

    private void declare(int number, int id) {
        if (number < SYSCALLS) {
            KernelEvent kind = KernelEvent.values()[number];
            news.append(Tsdl.event(kind.label(), id, 0, kind.fields()));
            return;
        }
        news.append(calls.declaration(number - SYSCALLS, id));
    }

    private PacketWriter stream(TraceEvent event) {
        return event.cpu >= 0 && event.cpu < streams.length && streams[event.cpu] != null ? streams[event.cpu] : first;
    }

    static void comm(PacketWriter out, long comm0, long comm1) {
        out.i64(comm0);
        out.i64(comm1);
    }

    /** How many events were written. Any thread, once the trace has ended. */
    long events() {
        return events - missing();
    }

    /** How many of them are switches that nobody has seen. Any thread, once the trace has ended. */
    long inferred() {
        return inferred.count();
    }

    /** How many more there were, which could not be written. Any thread, once the trace has ended. */
    long missing() {
        return Arrays.stream(streams).filter(Objects::nonNull).mapToLong(PacketWriter::missing).sum();
    }
}
