package ktrace.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import ktrace.cli.options.UserError;
import ktrace.ctf.CtfException;
import ktrace.ctf.read.CtfReader;
import ktrace.event.EventSink;
import ktrace.event.TraceCounters;
import ktrace.export.page.HtmlPage;
import ktrace.facts.Questions;
import ktrace.linux.cpu.Haste;
import ktrace.pipeline.HeapWatch;
import ktrace.pipeline.Replay;
import ktrace.system.SystemTracker;
import ktrace.system.family.Families;

/** A trace that was recorded, open for one replay. */
final class RecordedTrace implements AutoCloseable {
    private final String directory;
    private final CtfReader reader;

    private RecordedTrace(String directory, CtfReader reader) {
        this.directory = directory;
        this.reader = reader;
    }

    /** Opens it; tells in one line why not. */
    static RecordedTrace open(String directory) {
        Haste.end();
        try {
            return new RecordedTrace(directory, CtfReader.open(Path.of(directory)));
        } catch (CtfException e) {
            throw UserError.failed(e.getMessage());
        }
    }

    /** For the head of a summary: where it lies, and whom it is of. */
    String name() {
        return reader.environment().get("ktrace_scope") instanceof String scope ? directory + ": " + scope : directory;
    }

    String collector() {
        return reader.name();
    }

    /** A page about it. */
    HtmlPage page() {
        return new HtmlPage(reader.syscalls()::name, Version.number(), name(), reader.realtimeOffsetNs());
    }

    CtfReader reader() {
        return reader;
    }

    /**
     * Carries all events through a tracker to the readers.
     *
     * @param quit is given what is to be done when the readers want no more
     */
    void replay(TraceCounters trackerCounters, List<? extends EventSink> readers, Consumer<Runnable> quit) {
        try (HeapWatch _ = new HeapWatch()) {
            reader.requireKnownEvents();
            SystemTracker tracker = new SystemTracker(reader.targets(), Families.ALL, Questions.unheard(), reader.syscalls()::find,
                    trackerCounters);
            Replay replay = new Replay(reader, tracker, readers);
            quit.accept(replay::requestStop);
            replay.run();
        } catch (CtfException e) {
            throw UserError.failed(e.getMessage());
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
