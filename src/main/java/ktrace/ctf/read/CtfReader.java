package ktrace.ctf.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;
import ktrace.ctf.CtfException;
import ktrace.ctf.RecordedCapabilities;
import ktrace.ctf.RecordedTargets;
import ktrace.ctf.json.JsonMetadata;
import ktrace.ctf.mapping.Architecture;
import ktrace.ctf.mapping.EventMappings;
import ktrace.ctf.read.StreamLayout.MappingSource;
import ktrace.ctf.tsdl.MetadataText;
import ktrace.ctf.tsdl.TraceMetadata.StreamClass;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TsdlParser;
import ktrace.event.EventSource.Capabilities;
import ktrace.event.EventSource;
import ktrace.event.EventStream;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.linux.SyscallTable;
import ktrace.system.FamilySet;
import ktrace.system.Targets;
import ktrace.system.family.Families;

/**
 * A recorded trace: Common Trace Format 1.8 or 2, written by ktrace or by LTTng's kernel tracer, versions 2.0 to 2.16. A trace of
 * ktrace gives exactly the events that the stages saw when it was recorded. Of LTTng's traces, which may lack anything, it gives what is
 * there; the thread of an event is told by the context {@code tid} where that was recorded, else by the last switch on its CPU.
 *
 * <p>The trace is never trusted: damage is passed over and counted, and a hostile trace costs no more memory or time than its size
 * allows. Used by one thread.
 */
public final class CtfReader implements EventSource {
    /** So many kinds of events are named where none is of use. */
    private static final int NAMED = 5;

    private final TraceFiles files;
    private final TraceMetadata metadata;
    private final TickClock clock;
    private final Architecture architecture;
    private final Function<String, ObjectKind> kinds;
    private final EventMappings kernel;
    private final TraceCounters counters = new TraceCounters();
    private final List<CtfStream> streams = new ArrayList<>();
    /** Null until it is needed, and for a trace of ktrace's, which tells all in its time. */
    private Foresight foresight;

    private CtfReader(TraceFiles files, TraceMetadata metadata, FamilySet families) {
        this.files = files;
        this.metadata = metadata;
        clock = TickClock.of(metadata.clocks());
        architecture = Architecture.of(metadata, metadata.text("ktrace_arch"));
        kinds = families::kind;
        kernel = new EventMappings(metadata, architecture, kinds);
        open(kernel, kernel::mapping, counters, streams);
    }

    private void open(EventMappings mappings, MappingSource meaning, TraceCounters counted, List<CtfStream> opened) {
        Map<Long, StreamLayout> layouts = new LinkedHashMap<>();
        for (StreamClass stream : metadata.streams().values()) {
            layouts.put(stream.id(), new StreamLayout(metadata, stream, meaning));
        }
        try {
            for (Path file : layouts.isEmpty() ? List.<Path>of() : files.streams()) {
                opened.add(new CtfStream(file, metadata, layouts, clock, mappings, counted, opened.size()));
            }
        } catch (CtfException e) {
            opened.forEach(CtfStream::close);
            throw e;
        }
    }

    private Foresight foresight() {
        if (foresight == null) {
            SequencedSet<String> names = new LinkedHashSet<>();
            EventMappings mappings = new EventMappings(metadata, architecture, kinds);
            List<CtfStream> opened = new ArrayList<>();
            try {
                open(mappings, event -> {
                    names.add(event.name());
                    return mappings.mapping(event);
                }, new TraceCounters(), opened);
                foresight = Foresight.of(opened, names);
            } finally {
                opened.forEach(CtfStream::close);
            }
        }
        return foresight;
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
            metadata = JsonMetadata.is(text) ? JsonMetadata.parse(text) : TsdlParser.parse(text);
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

    /** The collector that recorded the trace; {@code lttng} for a trace of LTTng. */
    @Override
    public String name() {
        String collector = metadata.text("ktrace_collector");
        return collector != null ? collector : kernel.ofKtrace() ? "trace" : "lttng";
    }

    @Override
    public Capabilities capabilities() {
        Capabilities capabilities = RecordedCapabilities.of(metadata.environment());
        return kernel.ofKtrace() || metadata.events().stream().anyMatch(event -> event.name().equals("sched_switch"))
                ? capabilities
                : Capabilities.OF_CALLS;
    }

    @Override
    public List<EventStream> streams() {
        List<EventStream> all = new ArrayList<>(streams);
        if (!kernel.ofKtrace() && !foresight().ends().isEmpty()) {
            all.add(new StreamEnds(foresight().ends()));
        }
        return Collections.unmodifiableList(all);
    }

    /** Whom the trace is of. Reads all of a trace that is of another tracer. */
    public Targets targets() {
        return kernel.ofKtrace() ? RecordedTargets.of(metadata.environment()) : Targets.allOf(foresight().tgids()::get);
    }

    /**
     * Whether there is anything in it that ktrace knows.
     *
     * @throws CtfException that tells what there is instead
     */
    public void requireKnownEvents() {
        if (kernel.ofKtrace()) {
            streams.forEach(CtfStream::refresh);
            if (streams.stream().allMatch(stream -> stream.nextTimeNs() == EventStream.NOTHING)) {
                throw new CtfException("cannot use the trace " + files.directory() + ": there is no event in it that can be read; it was"
                        + " cut off before the first was written, or damaged");
            }
            return;
        }
        if (foresight().known() > 0) {
            return;
        }
        List<String> names = foresight().names().stream().limit(NAMED).toList();
        int more = foresight().names().size() - names.size();
        throw new CtfException("cannot use the trace " + files.directory() + ": " + (names.isEmpty()
                ? "there is no event in it"
                : "of its " + foresight().events() + " events ktrace knows none, it needs those of the kernel's scheduler and"
                        + " system calls; there are " + String.join(", ", names)
                        + (more == 0 ? "" : " and " + more + " other kinds")));
    }

    /** Names and numbers of system calls as in this trace's events. */
    public SyscallTable syscalls() {
        return architecture.calls();
    }

    /** The machine that it was recorded on, as uname(2) calls it; empty when that is not known. */
    public String machine() {
        return architecture.machine();
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

    /**
     * Of ktrace's own the end of the last packet, or the last event, of what has been read. Others close packets when nothing has
     * been recorded for long: of theirs the last event.
     */
    @Override
    public long endNs() {
        return kernel.ofKtrace() ? streams.stream().mapToLong(CtfStream::endNs).max().orElse(0) : foresight().lastNs();
    }

    @Override
    public void countLost() {
        if (!kernel.ofKtrace()) {
            counters.set(TraceCounter.LOST_EVENTS, streams.stream().mapToLong(CtfStream::lost).sum());
            counters.set(TraceCounter.UNEVEN_STREAMS, foresight().uneven());
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
