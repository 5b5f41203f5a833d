package ktrace.ctf.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import ktrace.ctf.TraceEnvironment;
import ktrace.ctf.TraceFileNames;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.facts.ObjectSource;
import ktrace.facts.RecordingSource;
import ktrace.tracefs.TracepointFormat;

/**
 * A trace that is being recorded: a stage that writes the events, and what writes down the tracker's discoveries. Made on any
 * thread; closed when the session has ended.
 */
public final class CtfRecording implements AutoCloseable {
    private final TraceDirectory directory;
    private final FlightSink flight;
    private final CtfWriter writer;
    private final DiscoveryWriter discoveries;
    /**
     * From when on events of state begin a generation of the flight recording: what the writer, and the tracker, has not met yet.
     */
    private final Queue<Long> boundaries = new ConcurrentLinkedQueue<>();
    private final Queue<Long> boundariesOfDiscoveries = new ConcurrentLinkedQueue<>();

    /** One of the two is null: a trace is written as it comes, or kept until it is asked for. */
    private CtfRecording(TraceDirectory directory, FlightSink flight, CtfWriter writer, DiscoveryWriter discoveries) {
        this.directory = directory;
        this.flight = flight;
        this.writer = writer;
        this.discoveries = discoveries;
    }

    /**
     * Makes the directory, and begins.
     *
     * @param path the directory to make
     * @param force replace a trace of ktrace's that is there
     * @param cpus the CPUs that events can come from, ascending
     * @param formats the format of a tracepoint of the system {@code syscalls}, or a
     *     {@link ktrace.tracefs.TracepointException} when there is none
     * @param trouble told once, in one line, when recording stops because nothing can be written any more
     * @throws ktrace.ctf.CtfException when the directory cannot be made, in one line
     */
    public static CtfRecording create(String path, boolean force, TraceEnvironment environment, int[] cpus,
            Function<String, TracepointFormat> formats, Consumer<String> trouble) {
        TraceDirectory directory = TraceDirectory.create(path, force, files(cpus), trouble);
        return begun(directory, directory, null, environment, cpus, formats);
    }

    /**
     * The same, but the latest packets are kept in memory until {@link #writeFlight}, or for {@link #askForFlight}.
     *
     * @param sizeBytes how much is kept
     * @param told what was written where, or why it could not be, in one line
     */
    public static CtfRecording flight(String path, boolean force, TraceEnvironment environment, int[] cpus,
            Function<String, TracepointFormat> formats, long sizeBytes, Consumer<String> told) {
        FlightSink flight = new FlightSink(path, force, files(cpus), sizeBytes, told);
        return begun(flight, null, flight, environment, cpus, formats);
    }

    private static List<String> files(int[] cpus) {
        List<String> files = new ArrayList<>(List.of(TraceFileNames.DISCOVERIES));
        for (int cpu : cpus) {
            files.add("cpu_" + cpu);
        }
        return files;
    }

    private static CtfRecording begun(PacketSink sink, TraceDirectory directory, FlightSink flight, TraceEnvironment environment,
            int[] cpus, Function<String, TracepointFormat> formats) {
        UUID uuid = UUID.randomUUID();
        sink.metadata(Preamble.of(environment, uuid));
        byte[] bytes = Preamble.bytes(uuid);
        return new CtfRecording(directory, flight, new CtfWriter(sink, bytes, cpus, formats), new DiscoveryWriter(sink, bytes));
    }

    /** The stage that writes events; it must see every event that the tracker sees. */
    public EventSink writer() {
        if (flight == null) {
            return writer;
        }
        return event -> {
            if (isBoundary(event, boundaries)) {
                writer.separate(event.timeNs);
                flight.beginGeneration();
            }
            writer.onEvent(event);
            if (event.type == EventType.INTERVAL) {
                flight.flushed();
            }
        };
    }

    /**
     * Has somebody told, on a writer's thread, when it is time for the packets kept to begin anew: what is there should then be
     * told again, for what was told before will be dropped. See {@link #stateFollows}.
     */
    public void onGeneration(Runnable action) {
        if (flight != null) {
            flight.onGeneration(action);
        }
    }

    /**
     * What is there is about to be told again, in events from {@code timeNs} on: the first of them begins a generation, which is
     * then as good as a recording that was begun at that moment. Any thread.
     */
    public void stateFollows(long timeNs) {
        boundaries.add(timeNs);
        boundariesOfDiscoveries.add(timeNs);
    }

    /** Whether a generation begins with this event. Writer and tracker, each with its own queue, come to the same. */
    private static boolean isBoundary(TraceEvent event, Queue<Long> boundaries) {
        if (event.type != EventType.PROCESS_STATE || boundaries.isEmpty() || event.timeNs < boundaries.peek()) {
            return false;
        }
        boundaries.remove();
        return true;
    }

    /** Has what is kept written at the end of the interval, by a thread of its own. Any thread. */
    public void askForFlight() {
        if (flight != null) {
            flight.ask();
        }
    }

    /** Writes what is kept, on the calling thread; once the session has ended. */
    public void writeFlight() throws InterruptedException {
        if (flight != null) {
            flight.write();
        }
    }

    /** Whether packets are kept in memory. */
    public boolean isFlight() {
        return flight != null;
    }

    /** A source for the tracker that asks {@code source} and writes the answers down. */
    public ObjectSource recording(ObjectSource source) {
        return new RecordingSource(source, discoveries);
    }

    /** The tracker, with the times of its events told to what it discovers. */
    public EventSink timed(EventSink tracker) {
        return event -> {
            discoveries.before(event);
            if (flight != null && isBoundary(event, boundariesOfDiscoveries)) {
                discoveries.separate();
                flight.beginDiscoveries();
            }
            tracker.onEvent(event);
            discoveries.after(event);
        };
    }

    /** How many events any reader finds in the trace, those of ktrace's own included; once the session has ended. */
    public long events() {
        return writer.events() + discoveries.events();
    }

    /** How many bytes were written. */
    public long bytes() {
        return flight == null ? directory.bytes() : flight.bytes();
    }

    /** There was nothing to record: has {@link #close} take the directory away again. Once the session has ended. */
    public void discard() {
        if (flight == null) {
            directory.discard();
        } else {
            flight.discard();
        }
    }

    /** False when recording had to stop before the end. */
    public boolean isWhole() {
        return flight == null ? !directory.isBroken() : flight.isWhole();
    }

    @Override
    public void close() {
        if (flight == null) {
            directory.close();
        } else {
            flight.close();
        }
    }
}
