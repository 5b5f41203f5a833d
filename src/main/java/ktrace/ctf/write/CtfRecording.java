package ktrace.ctf.write;

import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import ktrace.ctf.TraceEnvironment;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import ktrace.tracefs.TracepointFormat;

/**
 * A trace that is being recorded. Made on any thread; closed when the session has ended.
 */
public final class CtfRecording implements AutoCloseable {
    private final TraceDirectory directory;
    private final FlightSink flight;
    private final CtfWriter writer;
    /** From when on events of state begin a generation of the flight recording: what the writer has not met yet. */
    private final Queue<Long> boundaries = new ConcurrentLinkedQueue<>();

    /** One of the two is null: a trace is written as it comes, or kept until it is asked for. */
    private CtfRecording(TraceDirectory directory, FlightSink flight, CtfWriter writer) {
        this.directory = directory;
        this.flight = flight;
        this.writer = writer;
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
        return Arrays.stream(cpus).mapToObj(cpu -> "cpu_" + cpu).toList();
    }

    private static CtfRecording begun(PacketSink sink, TraceDirectory directory, FlightSink flight, TraceEnvironment environment,
            int[] cpus, Function<String, TracepointFormat> formats) {
        UUID uuid = UUID.randomUUID();
        sink.metadata(Preamble.of(environment, uuid));
        return new CtfRecording(directory, flight,
                new CtfWriter(sink, Preamble.bytes(uuid), cpus, formats, environment.seen().texts()));
    }

    /** The stage that writes events; it must see every event. */
    public EventSink writer() {
        if (flight == null) {
            return writer;
        }
        return event -> {
            if (isBoundary(event)) {
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
    }

    /** Whether a generation begins with this event. */
    private boolean isBoundary(TraceEvent event) {
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

    /** How many events any reader finds in the trace, those of ktrace's own included; once the session has ended. */
    public long events() {
        return writer.events();
    }

    /** How many of them are switches that other readers need and nobody has seen; once the session has ended. */
    public long inferred() {
        return writer.inferred();
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

    /** What could not be written, for people: empty when all was, or why not has been told of each flight. */
    public String missing() {
        return flight != null || !directory.isBroken() ? ""
                : writer.missing() + " events, " + directory.missingBytes() + " bytes";
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
