package ktrace.cli;

import java.io.IOException;
import java.util.List;
import ktrace.cli.options.Notice;
import ktrace.cli.options.Scope;
import ktrace.cli.options.SizeArgument;
import ktrace.cli.options.TraceOptions;
import ktrace.cli.options.UserError;
import ktrace.ctf.write.CtfRecording;
import ktrace.event.EventSink;
import ktrace.event.EventSource;
import ktrace.event.TraceCounter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ktrace record -o DIR [OPTIONS] SCOPE}: a binary trace, and no live view. */
@Command(name = "ktrace record", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = {
            "ktrace record -o DIR [OPTIONS] -p PID[,PID...]",
            "ktrace record -o DIR [OPTIONS] -a",
            "ktrace record -o DIR [OPTIONS] -- COMMAND [ARG...]"},
        description = {"", "Records a binary trace: Common Trace Format 1.8 in the layout of LTTng's kernel tracer, which"
                + " ktrace report, babeltrace2, LTTng-analyses and Trace Compass open.", ""})
final class RecordCommand implements Subcommand {
    /** So often packets are written out, full or not: what is lost when ktrace is killed. */
    private static final long PACKETS_NS = 1_000_000_000;

    /** Each half holds any packet there can be, and the state that a generation begins with. */
    private static final long LEAST_FLIGHT_BYTES = 8 << 20;

    @Option(names = {"-o", "--output"}, paramLabel = "DIR", required = true, description = "the directory to make")
    private String output;

    @Mixin
    private TraceOptions trace;

    @Option(names = "--flight", paramLabel = "SIZE", converter = SizeArgument.class,
            description = "keep the latest events in memory, at most SIZE, 8M to 1G, and write them at the end; at SIGUSR2 too,"
                    + " to DIR, DIR.1, DIR.2 and so on in turn")
    private long flightBytes;

    @Option(names = "--force", description = "overwrite an existing trace")
    private boolean force;

    @Override
    public int run(List<String> command) {
        Scope scope = Tracing.scope(trace, command);
        if (flightBytes != 0 && flightBytes < LEAST_FLIGHT_BYTES) {
            throw UserError.usage("--flight needs at least 8M: less holds no second of a busy machine");
        }
        return Tracing.run(trace, scope, this::record);
    }

    private int record(LiveTrace live) throws IOException, InterruptedException {
        EventSource collector = live.open(true);
        CtfRecording recording = live.record(collector, output, force, flightBytes);
        return live.run(collector, new Quiet(() -> told(recording, collector)));
    }

    /** @return what of the trace could not be written, or null */
    private IOException told(CtfRecording recording, EventSource collector) throws InterruptedException {
        long lost = collector.counters().get(TraceCounter.LOST_EVENTS);
        // A larger ring would have had no room for these.
        String advice = lost == collector.counters().get(TraceCounter.LOST_AT_END) ? " when the trace was at its end" : ", see --buffer";
        if (recording.isFlight()) {
            recording.writeFlight();
            if (lost != 0) {
                Notice.tell(lost + " events were lost" + advice);
            }
            return recording.isWhole() ? null : new IOException("what was seen last is not all in the files");
        }
        Notice.tell("recorded " + recording.events() + " events, " + recording.bytes() + " bytes, in " + output
                + (lost == 0 ? recording.isWhole() ? "; none was lost" : "" : "; " + lost + " were lost" + advice)
                + (recording.inferred() == 0 ? "" : "; " + recording.inferred() + " are switches inferred for other readers"));
        return recording.missing().isEmpty() ? null : new IOException(recording.missing() + " more are not there");
    }

    /** Nobody looks on. */
    private record Quiet(End end) implements Audience {
        /** What is done when everything has been seen; gives why it failed, or null. */
        interface End {
            IOException reached() throws InterruptedException;
        }

        @Override
        public List<EventSink> readers() {
            return List.of();
        }

        @Override
        public long intervalNs() {
            return PACKETS_NS;
        }

        @Override
        public void onQuit(Runnable action) {
            // Nobody can quit.
        }

        @Override
        public void discard() {
            // Nothing is shown.
        }

        @Override
        public IOException finish() throws InterruptedException {
            return end.reached();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
