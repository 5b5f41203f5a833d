package ktrace.ctf.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.ctf.CtfException;
import ktrace.ctf.RecordedCapabilities;
import ktrace.ctf.mapping.EventMappings;
import ktrace.ctf.tsdl.MetadataText;
import ktrace.ctf.tsdl.TraceMetadata.StreamClass;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TsdlParser;
import ktrace.event.EventSource.Capabilities;
import ktrace.event.EventSource;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import ktrace.system.FamilySet;
import ktrace.system.family.Families;

/**
 * A recorded trace: Common Trace Format 1.8, written by ktrace or by LTTng's kernel tracer, versions 2.0 to 2.13. A trace of ktrace
 * gives exactly the events that the stages saw when it was recorded. Of LTTng's traces, which may lack anything, it gives what is
 * there; the thread of an event is told by the context {@code tid} where that was recorded, else by the last switch on its CPU.
 *
 * <p>The trace is never trusted: damage is passed over and counted, and a hostile trace costs no more memory or time than its size
 * allows. Used by one thread.
 */
public final class CtfReader implements EventSource {
    private final TraceFiles files;
    private final TraceMetadata metadata;
    private final TickClock clock;
    private final SyscallTable calls;
    private final EventMappings kernel;
    private final TraceCounters counters = new TraceCounters();
    private final List<CtfStream> streams = new ArrayList<>();

    private CtfReader(TraceFiles files, TraceMetadata metadata, FamilySet families) {
        this.files = files;
        this.metadata = metadata;
        clock = TickClock.of(metadata.clocks());
        calls = SyscallTable.of(abi(metadata));
        kernel = new EventMappings(metadata, calls, families::kind);
        Map<Long, StreamLayout> layouts = layouts();
        try {
            for (Path file : layouts.isEmpty() ? List.<Path>of() : files.streams()) {
                streams.add(new CtfStream(file, metadata, layouts, clock, kernel, counters, streams.size()));
            }
        } catch (CtfException e) {
            close();
            throw e;
        }
    }

    private Map<Long, StreamLayout> layouts() {
        Map<Long, StreamLayout> layouts = new LinkedHashMap<>();
        for (StreamClass stream : metadata.streams().values()) {
            layouts.put(stream.id(), new StreamLayout(metadata, stream, kernel::mapping));
        }
        return layouts;
    }

    /**
     * Opens a trace.
     *
     * @param directory the trace, or a directory somewhere below which there is one
     * @throws CtfException in one line, when there is none, or it cannot be read
     */
    public static CtfReader open(Path directory) {
        return open(directory, Families.ALL);
    }

    /** The same with other families, whose kinds of objects the trace may tell of. */
    public static CtfReader open(Path directory, FamilySet families) {
        TraceFiles files = TraceFiles.find(directory);
        TraceMetadata metadata;
        try {
            String text = MetadataText.of(files.metadata());
            if (text.isBlank()) {
                throw new CtfException("it is empty: nothing was recorded, or nothing has been written yet");
            }
            metadata = TsdlParser.parse(text);
            String domain = metadata.text("domain");
            if (domain != null && !domain.equals("kernel")) {
                throw new CtfException("it is a trace of the domain " + domain + ", and ktrace reads traces of the kernel");
            }
            return new CtfReader(files, metadata, families);
        } catch (CtfException e) {
            throw e.getMessage().contains(files.directory().toString()) ? e
                    : new CtfException(files.metadataFile() + ": " + e.getMessage());
        }
    }

    private static Abi abi(TraceMetadata metadata) {
        String recorded = metadata.text("ktrace_arch");
        for (Abi abi : Abi.values()) {
            if (abi.name().equalsIgnoreCase(recorded)) {
                return abi;
            }
        }
        // LTTng does not tell. Its events carry names, not numbers, so those of this machine do where it has the call.
        return Abi.current();
    }

    /** The collector that recorded the trace; {@code lttng} for a trace of LTTng. */
    @Override
    public String name() {
        String collector = metadata.text("ktrace_collector");
        return collector != null ? collector : kernel.ofKtrace() ? "trace" : "lttng";
    }

    @Override
    public Capabilities capabilities() {
        return RecordedCapabilities.of(metadata.environment());
    }

    @Override
    public List<CtfStream> streams() {
        return Collections.unmodifiableList(streams);
    }

    /** Names and numbers of system calls as in this trace's events. */
    public SyscallTable syscalls() {
        return calls;
    }

    /** The env block of the metadata: numbers as Long, texts as String, not escaped. */
    public Map<String, Object> environment() {
        return Collections.unmodifiableMap(metadata.environment());
    }

    /** Whether ktrace recorded it. */
    public boolean isOfKtrace() {
        return kernel.ofKtrace();
    }

    /** What is to be added to the time of an event, to have nanoseconds since 1970. */
    public long realtimeOffsetNs() {
        return clock.offsetNs();
    }

    /** How large the streams are together. */
    public long sizeBytes() {
        return streams.stream().mapToLong(CtfStream::sizeBytes).sum();
    }

    /** How much of {@link #sizeBytes} has been read, in whole packets. */
    public long readBytes() {
        return streams.stream().mapToLong(CtfStream::readBytes).sum();
    }

    /** Everything is there already. */
    @Override
    public void await(long timeoutNs) {
        // Does not wait.
    }

    @Override
    public void wake() {
        // Nobody waits: see await.
    }

    @Override
    public long completeUntilNs() {
        return Long.MAX_VALUE;
    }

    @Override
    public void stop() {
        // A recorded trace has ended.
    }

    /** The end of the last packet, or the last event, of what has been read. */
    @Override
    public long endNs() {
        return streams.stream().mapToLong(CtfStream::endNs).max().orElse(0);
    }

    @Override
    public void countLost() {
        if (!kernel.ofKtrace()) {
            counters.set(TraceCounter.LOST_EVENTS, streams.stream().mapToLong(CtfStream::lost).sum());
        }
    }

    @Override
    public Map<Integer, Long> lostOnCpu() {
        Map<Integer, Long> lost = new HashMap<>();
        streams.stream().filter(stream -> stream.lost() > 0).forEach(stream -> lost.merge(stream.cpu(), stream.lost(), Long::sum));
        return lost;
    }

    @Override
    public TraceCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        streams.forEach(CtfStream::close);
    }
}
