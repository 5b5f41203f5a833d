package ktrace.ctf;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import ktrace.event.EventSink;
import ktrace.system.ObjectSource;
import ktrace.system.RecordingSource;
import ktrace.tracefs.TracepointFormat;

/**
 * A trace that is being recorded: a stage that writes the events, and what writes down the tracker's discoveries. Made on any thread;
 * closed when the session has ended.
 */
public final class CtfRecording implements AutoCloseable {
    private final TraceDirectory directory;
    private final CtfWriter writer;
    private final DiscoveryWriter discoveries;

    private CtfRecording(TraceDirectory directory, CtfWriter writer, DiscoveryWriter discoveries) {
        this.directory = directory;
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
     * @throws CtfException when the directory cannot be made, in one line
     */
    public static CtfRecording create(String path, boolean force, TraceEnvironment environment, int[] cpus,
            Function<String, TracepointFormat> formats, Consumer<String> trouble) {
        List<String> files = new ArrayList<>(List.of(TraceDirectory.DISCOVERIES));
        for (int cpu : cpus) {
            files.add("cpu_" + cpu);
        }
        TraceDirectory directory = TraceDirectory.create(path, force, files, trouble);
        UUID uuid = UUID.randomUUID();
        directory.metadata(Preamble.of(environment, uuid));
        byte[] bytes = Preamble.bytes(uuid);
        return new CtfRecording(directory, new CtfWriter(directory, bytes, cpus, formats), new DiscoveryWriter(directory, bytes));
    }

    /** The stage that writes events; it must see every event that the tracker sees. */
    public EventSink writer() {
        return writer;
    }

    /** A source for the tracker that asks {@code source} and writes the answers down. */
    public ObjectSource recording(ObjectSource source) {
        return new RecordingSource(source, discoveries);
    }

    /** The tracker, with the times of its events told to what it discovers. */
    public EventSink timed(EventSink tracker) {
        return event -> {
            discoveries.before(event);
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
        return directory.bytes();
    }

    /** False when recording had to stop before the end. */
    public boolean isWhole() {
        return !directory.isBroken();
    }

    @Override
    public void close() {
        directory.close();
    }
}
