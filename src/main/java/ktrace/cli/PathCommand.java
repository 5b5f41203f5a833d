package ktrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import ktrace.analysis.path.CriticalPath.Reach;
import ktrace.analysis.path.History;
import ktrace.analysis.path.PathSummary;
import ktrace.cli.options.AttachedValue;
import ktrace.cli.options.CountArgument;
import ktrace.cli.options.ExitStatus;
import ktrace.cli.options.JsonTarget;
import ktrace.cli.options.OffsetArgument;
import ktrace.cli.options.SummaryOptions;
import ktrace.cli.options.UserError;
import ktrace.event.ThreadId;
import ktrace.event.TraceCounters;
import ktrace.export.JsonPath;
import ktrace.linux.terminal.ReaderGoneException;
import ktrace.view.PathView;
import ktrace.view.Surroundings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ktrace path DIR}: what the time of a recorded thread consisted of, along those whom it waited for. */
@Command(name = "ktrace path", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        usageHelpAutoWidth = true, customSynopsis = "ktrace path DIR [--of TID|NAME] [--from TIME] [--to TIME] [OPTIONS]",
        description = {"", "Shows the critical path of a thread of a recorded trace: what it did, and whenever it waited, what those did"
                + " whom it waited for. The stretches add up to the thread's time, so what has a large share is what to make faster.", ""})
final class PathCommand implements Subcommand {
    private static final int NAMED = 5;

    @Parameters(index = "0", paramLabel = "DIR", description = "the trace")
    private String directory;

    @Option(names = "--of", paramLabel = "TID|NAME", description = "whose path: the number of a thread, or the name of one; if none is given,"
            + " the first thread of the command or process that was recorded")
    private String of;

    @Option(names = "--from", paramLabel = "TIME", converter = OffsetArgument.class,
            description = "where it begins, after the begin of the trace: 1.25s, 300ms; if none is given, with the thread")
    private Long fromOffsetNs;

    @Option(names = "--to", paramLabel = "TIME", converter = OffsetArgument.class,
            description = "where it ends; if none is given, with the thread")
    private Long toOffsetNs;

    @Option(names = "--unbounded", description = "stay with whoever ended a wait, also before the wait began: the chain of work that made"
            + " the end as late as it was, whoever did it")
    private boolean unbounded;

    @Option(names = "--stretches", description = "the path stretch by stretch, in the order of time, instead of sums; in JSON, too")
    private boolean stretches;

    @Option(names = "--json", paramLabel = "FILE", arity = "0..1", fallbackValue = SummaryOptions.ANYWHERE,
            preprocessor = AttachedValue.class,
            description = "one JSON document instead of text; to FILE if given, else to standard output")
    private String json;

    @Option(names = {"-n", "--top"}, paramLabel = "N", converter = CountArgument.class, description = "how many shares to show")
    private Integer top;

    @Option(names = "--force", description = "overwrite an existing output")
    private boolean force;

    @Override
    public int run(List<String> command) {
        if (command != null) {
            throw UserError.usage("ktrace path takes no command: it reads a trace");
        }
        if (fromOffsetNs != null && toOffsetNs != null && fromOffsetNs >= toOffsetNs) {
            throw UserError.usage("--from must be before --to");
        }
        if (json != null) {
            JsonTarget.check(json, force);
        }
        try (RecordedTrace trace = RecordedTrace.open(directory)) {
            History history = new History(fromOffsetNs == null ? 0 : fromOffsetNs, toOffsetNs == null ? Long.MAX_VALUE : toOffsetNs,
                    History.usualLimit());
            trace.replay(new TraceCounters(), List.of(history), stop -> { });
            tell(path(history, thread(history, trace.reader().targets().tgids())));
        }
        return ExitStatus.OK;
    }

    /** @param targets the processes that were to be recorded; none: the whole system */
    private ThreadId thread(History history, Set<Integer> targets) {
        if (of != null) {
            List<ThreadId> found = history.named(of);
            if (found.isEmpty()) {
                throw UserError.failed("no thread of the trace has the number or name " + of + "; it has " + some(history, history.threads()));
            }
            List<ThreadId> leaders = found.stream().filter(PathCommand::isLeader).toList();
            if (areSeveral(leaders.isEmpty() ? found : leaders)) {
                throw UserError.failed("several threads have the name " + of + ": say which by its number: " + some(history, found));
            }
            return leaders.isEmpty() ? found.getFirst() : leaders.getFirst();
        }
        List<ThreadId> leaders = history.threads().stream().filter(thread -> isLeader(thread) && targets.contains(thread.tid())).toList();
        if (leaders.isEmpty() || areSeveral(leaders)) {
            throw UserError.usage("say whose path by --of; the trace has " + some(history, leaders.isEmpty() ? history.threads() : leaders));
        }
        return leaders.getFirst();
    }

    private static boolean isLeader(ThreadId thread) {
        return thread.tid() == thread.process().tgid();
    }

    /** One that lived twice is one. */
    private static boolean areSeveral(List<ThreadId> threads) {
        return threads.stream().map(ThreadId::tid).distinct().count() > 1;
    }

    private static String some(History history, List<ThreadId> threads) {
        return threads.isEmpty() ? "none" : threads.stream().limit(NAMED).map(thread -> history.comm(thread) + "(" + thread.tid() + ")")
                .collect(Collectors.joining(", ")) + (threads.size() > NAMED ? " and " + (threads.size() - NAMED) + " more" : "");
    }

    private PathSummary path(History history, ThreadId thread) {
        long fromNs = fromOffsetNs == null ? history.beginNs(thread) : Math.max(history.beginNs(thread), history.beginNs() + fromOffsetNs);
        long toNs = toOffsetNs == null ? history.untilNs(thread) : Math.min(history.untilNs(thread), history.beginNs() + toOffsetNs);
        if (fromNs >= toNs) {
            throw UserError.failed("thread " + thread.tid() + " was not there in that time");
        }
        return PathSummary.of(history, thread, fromNs, toNs, unbounded ? Reach.UNBOUNDED : Reach.BOUNDED, stretches);
    }

    private void tell(PathSummary path) {
        IOException failure = null;
        if (json == null) {
            failure = PathView.print(path, Surroundings.present(), top == null ? 0 : top);
        } else {
            try (OutputStream out = JsonTarget.open(json, force)) {
                JsonPath.write(out, path, Version.number());
            } catch (ReaderGoneException e) {
                // The reader of a pipe has seen enough.
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw UserError.failed("cannot write the path: " + failure.getMessage());
        }
    }
}
