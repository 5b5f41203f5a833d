package ktrace.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.IntFunction;
import ktrace.event.ProcessId;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.export.PerfettoField.ClockSnapshot;
import ktrace.export.PerfettoField.DebugAnnotation;
import ktrace.export.PerfettoField.ProcessTree;
import ktrace.export.PerfettoField.SystemInfo;
import ktrace.export.PerfettoField.TracePacket;
import ktrace.export.PerfettoField.TrackEvent;
import ktrace.intervals.Interval;
import ktrace.linux.PrevState;

/**
 * A trace for ui.perfetto.dev and trace_processor: the kernel's events as ftrace events, so that Perfetto makes its CPU, thread
 * state and system call tracks of them, the process tree, and each wait a slice with an arrow from the waker.
 *
 * <p>All times are on CLOCK_MONOTONIC, and so is what Perfetto makes of them: the clock snapshot names it as the trace's clock, and
 * each packet as its own. Within a bundle of ftrace events no clock can be named that is CLOCK_MONOTONIC; their times are read as
 * CLOCK_BOOTTIME and converted by the snapshot (ftrace_tokenizer.cc). The offset between the two, how long the machine was
 * suspended before, is in no trace; the snapshot gives both clocks the same value, so that times stay what they are.
 */
public final class PerfettoExporter implements TraceExport {

    private final PacketStream packets;
    private final TracedMachine machine;
    private final String ktraceVersion;
    private final FtraceEvents events;
    private final FtraceBundles bundles;
    private final PerfettoTracks tracks;
    private final PerfettoWaits waits;
    private final ProtoMessage data = new ProtoMessage();
    private final ProtoMessage part = new ProtoMessage();

    /** @param syscalls the name of a system call in the trace */
    public PerfettoExporter(OutputStream out, TracedMachine machine, String ktraceVersion, IntFunction<String> syscalls) {
        this(out, machine, ktraceVersion, syscalls, number -> null);
    }

    /** @param ownNames those of calls whose numbers are not the machine's; else null */
    public PerfettoExporter(OutputStream out, TracedMachine machine, String ktraceVersion, IntFunction<String> syscalls,
            IntFunction<String> ownNames) {
        events = new FtraceEvents(ownNames);
        this.machine = machine;
        this.ktraceVersion = ktraceVersion;
        packets = new PacketStream(out);
        bundles = new FtraceBundles(packets);
        tracks = new PerfettoTracks(packets);
        waits = new PerfettoWaits(packets, tracks, syscalls);
    }

    @Override
    public void onEvent(TraceEvent event) {
        ProtoMessage message = events.of(event);
        if (message != null) {
            bundles.add(cpu(event), event.timeNs, message);
        }
        switch (event.type) {
            case START -> start(event.timeNs);
            case TASK_NEWTASK -> {
                bundles.add(cpu(event), event.timeNs, events.fork(event));
                tracks.forget(event.otherTid);
            }
            case SCHED_SWITCH -> {
                // A thread wakes its parent after its SCHED_PROCESS_EXIT: it is over with its last switch.
                if ((event.number & PrevState.DEAD) != 0) {
                    tracks.forgetThread(event.tid);
                }
            }
            case SCHED_PROCESS_EXEC -> {
                if (event.thread != null && event.payload instanceof String file) {
                    ProcessId process = event.thread.process();
                    process(event.timeNs, new ProcessSnapshot(process.tgid(), process.ppid(), "", file));
                }
            }
            case EVENTS_LOST -> lost(event);
            case PROCESS_STATE -> {
                if (event.payload instanceof ProcessSnapshot process) {
                    process(event.timeNs, process);
                }
            }
            case THREAD_STATE -> {
                if (event.payload instanceof ThreadSnapshot thread) {
                    thread(event.timeNs, thread);
                }
            }
            case INTERVAL -> bundles.writeAll();
            case END -> {
                bundles.writeAll();
                end(event);
            }
            default -> { }
        }
    }

    @Override
    public void onWait(Interval wait) {
        waits.write(wait);
    }

    @Override
    public void finish() throws IOException {
        packets.flush();
    }

    @Override
    public String leftOut() {
        return bundles.leftOut() == 0 ? "" : bundles.leftOut() + " events of CPUs from " + FtraceBundles.MAX_CPUS
                + " on, which Perfetto cannot show";
    }

    /** Events that are of no CPU that is known go to the first. */
    private static int cpu(TraceEvent event) {
        return Math.max(0, event.cpu);
    }

    private void start(long timeNs) {
        data.clear();
        clock(ClockSnapshot.BOOTTIME, timeNs);
        clock(ClockSnapshot.MONOTONIC, timeNs);
        clock(ClockSnapshot.REALTIME, timeNs + machine.realtimeOffsetNs());
        packets.writeClocks(timeNs, data.number(ClockSnapshot.PRIMARY_TRACE_CLOCK, ClockSnapshot.MONOTONIC));
        part.clear()
                .text(SystemInfo.SYSNAME, machine.sysname())
                .text(SystemInfo.VERSION, machine.version())
                .text(SystemInfo.RELEASE, machine.release())
                .text(SystemInfo.MACHINE, machine.machine());
        packets.write(timeNs, TracePacket.SYSTEM_INFO, data.clear()
                .message(SystemInfo.UTSNAME, part)
                .text(SystemInfo.TRACING_SERVICE_VERSION, "ktrace " + ktraceVersion)
                .text(SystemInfo.MACHINE_NAME, machine.hostname()));
        tracks.describeTrace(timeNs);
    }

    private void clock(int id, long timeNs) {
        data.message(ClockSnapshot.CLOCKS, part.clear()
                .number(ClockSnapshot.CLOCK_ID, id).number(ClockSnapshot.CLOCK_TIMESTAMP, timeNs));
    }

    private void process(long timeNs, ProcessSnapshot process) {
        boolean named = !process.cmdline().isEmpty();
        part.clear()
                .number(ProcessTree.PROCESS_PID, process.tgid())
                .number(ProcessTree.PROCESS_PPID, process.ppid())
                .text(ProcessTree.PROCESS_CMDLINE, named ? process.cmdline() : process.comm());
        if (!named) {
            part.bool(ProcessTree.PROCESS_CMDLINE_IS_COMM, true);
        }
        packets.write(timeNs, TracePacket.PROCESS_TREE, data.clear().message(ProcessTree.PROCESSES, part));
    }

    private void thread(long timeNs, ThreadSnapshot thread) {
        part.clear()
                .number(ProcessTree.THREAD_TID, thread.tid())
                .text(ProcessTree.THREAD_NAME, thread.comm())
                .number(ProcessTree.THREAD_TGID, thread.tgid());
        packets.write(timeNs, TracePacket.PROCESS_TREE, data.clear().message(ProcessTree.THREADS, part));
    }

    private void lost(TraceEvent event) {
        if (event.cpu >= 0) {
            bundles.lost(event.cpu, event.timeNs);
        }
        instant(event.number == 0 ? "nothing more recorded on a CPU"
                : event.number + (event.number == 1 ? " event lost" : " events lost"));
        if (event.cpu >= 0) {
            annotate("cpu", event.cpu);
        }
        annotate("events", event.number);
        packets.write(event.timeNs, TracePacket.TRACK_EVENT, data);
    }

    /** What is to be known of the trace as a whole: how much was counted, and what did not go well. */
    private void end(TraceEvent event) {
        instant("end of trace");
        if (event.payload instanceof WindowFacts facts) {
            annotate("events", facts.events());
            annotate("syscallEvents", facts.syscallEvents());
            for (TraceCounter counter : TraceCounter.values()) {
                Long count = facts.counters().get(counter);
                if (count != null) {
                    annotate(counter.label(), count);
                }
            }
        }
        packets.write(event.timeNs, TracePacket.TRACK_EVENT, data);
    }

    private void instant(String name) {
        data.clear().number(TrackEvent.TYPE, TrackEvent.TYPE_INSTANT).number(TrackEvent.TRACK_UUID, PerfettoTracks.TRACE)
                .text(TrackEvent.CATEGORIES, "ktrace").text(TrackEvent.NAME, name);
    }

    private void annotate(String name, long value) {
        data.message(TrackEvent.DEBUG_ANNOTATIONS, part.clear()
                .text(DebugAnnotation.NAME, name).number(DebugAnnotation.UINT_VALUE, value));
    }
}
