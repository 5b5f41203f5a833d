package ktrace.view.tabs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import ktrace.analysis.Cause;
import ktrace.analysis.Computing;
import ktrace.analysis.Summary;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.Verdict.Share;
import ktrace.analysis.Verdict.Why;
import ktrace.story.Alphabet;
import ktrace.story.Names;
import ktrace.story.ProcessRow;
import ktrace.story.ProcessSyscall;
import ktrace.story.SummaryRows;
import ktrace.story.Telling;
import ktrace.story.Units;
import ktrace.story.VerdictSentence;
import ktrace.story.WaitFigures;
import ktrace.story.WaitRow;
import ktrace.story.WaitSentence;
import ktrace.story.computing.ComputingSentence;
import ktrace.view.screen.Line;
import ktrace.view.screen.Style;

/** What a row tells when it is opened: its waits, what ended them did meanwhile, and whom that one waited for itself, and so on. */
final class Chain {
    private static final int DEPTH = 6;
    private static final int SHARES = 8;
    private static final int WAITS = 8;
    /** Of those further down only what counts. */
    private static final int FURTHER = 2;
    private static final int INDENT = 2;

    private final SummaryRows rows;
    private final Summary soFar;
    private final int width;
    private final Alphabet alphabet;

    Chain(SummaryRows rows, Summary soFar, int width, Alphabet alphabet) {
        this.rows = rows;
        this.soFar = soFar;
        this.width = width;
        this.alphabet = alphabet;
    }

    List<Line> of(ProcessRow row) {
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of(Names.of(row, alphabet, Names.MAX_COLUMNS), Style.STRONG).add(row.summary().cmdline() == null ? ""
                : "  " + alphabet.escape(row.summary().cmdline()), Style.FAINT)
                .add(row.summary().statesOnly() ? "  watched for states alone, as others wait for it" : "", Style.FAINT));
        for (Why why : soFar.verdict().why()) {
            if (why.pid() == row.summary().pid() && why.startNs() == row.summary().startNs()) {
                why(lines, why);
            }
        }
        for (Computing computing : soFar.verdict().computing()) {
            if (computing.thread().process().tgid() == row.summary().pid()
                    && computing.thread().process().startNs() == row.summary().startNs()) {
                lines.add(Line.of(new ComputingSentence(computing, alphabet).fit(width)));
            }
        }
        lines.addAll(of(waitsOf(row.summary().pid(), WAITS)));
        return lines;
    }

    private void why(List<Line> lines, Why why) {
        lines.add(new Line());
        lines.add(Line.of("Of its " + alphabet.units().time(why.totalNs()) + " since the start:"));
        for (Share share : why.shares().subList(0, Math.min(SHARES, why.shares().size()))) {
            boolean own = share.pid() == why.pid() && share.tid() == 0;
            String who = share.pid() == 0 ? "waited for nobody known: " : own ? "it " : "waited for "
                    + Names.of(share.comm(), share.pid(), alphabet, Names.MAX_COLUMNS) + ", which ";
            lines.add(Line.of(String.format(Locale.ROOT, "%8s  ", Units.percent(share.ns(), why.totalNs())), Style.STRONG)
                    .add(who + (share.cause() == Cause.THROTTLED ? VerdictSentence.heldBack(share.cgroup(), alphabet)
                            : VerdictSentence.does(share.cause()) + VerdictSentence.bound(share.affinity()))
                            + (share.runner() == null ? ""
                            : " (" + Names.of(share.runner(), alphabet, Names.MAX_COLUMNS) + " has it)")));
        }
    }

    /** Whom a process waited for, and so on. */
    List<Line> of(int pid) {
        List<WaitRow> waits = waitsOf(pid, WAITS);
        return waits.isEmpty() ? List.of(Line.of("it waited for nobody in this time", Style.FAINT)) : of(waits);
    }

    List<Line> of(ProcessSyscall row) {
        SyscallSummary call = row.syscall();
        List<Line> lines = new ArrayList<>();
        lines.add(Line.of(Names.of(row.process(), alphabet, Names.MAX_COLUMNS) + " " + alphabet.escape(call.name()), Style.STRONG)
                .add("  " + Units.count(call.calls(), "call", "calls") + ", " + alphabet.units().time(call.totalNs())
                        + (call.errors() == 0 ? "" : ", " + row.errors())));
        long most = call.histogram().stream().mapToLong(SyscallSummary.Bucket::calls).max().orElse(1);
        for (SyscallSummary.Bucket bucket : call.histogram()) {
            int bar = Math.toIntExact(Math.ceilDiv(bucket.calls() * Math.max(1, width - 40), most));
            lines.add(Line.of(String.format(Locale.ROOT, "  from %8s %9s ", alphabet.units().time(bucket.fromNs()),
                    Units.count(bucket.calls()))).add((alphabet == Alphabet.ASCII ? "#" : "█").repeat(bar), Style.BARS));
        }
        lines.addAll(of(rows.waits().stream().filter(wait -> wait.process().equals(row.process())
                && call.name().equals(wait.what().syscall())).limit(WAITS).toList()));
        return lines;
    }

    List<Line> of(List<WaitRow> waits) {
        List<Line> lines = new ArrayList<>();
        Set<Integer> told = new HashSet<>();
        for (WaitRow wait : waits.subList(0, Math.min(WAITS, waits.size()))) {
            lines.add(new Line());
            follow(lines, wait, 0, told);
        }
        return lines;
    }

    private void follow(List<Line> lines, WaitRow wait, int depth, Set<Integer> told) {
        int indent = INDENT * depth;
        int room = Math.max(1, width - indent);
        WaitSentence sentence = new WaitSentence(wait, alphabet, 2);
        WaitFigures figures = new WaitFigures(wait, alphabet);
        lines.add(Line.of(" ".repeat(indent)).add(sentence.bare(room)));
        Line measured = Line.of(" ".repeat(indent + INDENT)).add(figures.count(), Style.FAINT);
        if (figures.hasLengths()) {
            measured.add("  p50 ", Style.FAINT).add(figures.median()).add("  p99 ", Style.FAINT).add(figures.p99())
                    .add("  max ", Style.FAINT).add(figures.max());
        }
        lines.add(measured.add("  ").add(figures.evidence()));
        Telling why = sentence.explanation(Math.max(1, room - INDENT));
        if (why.width() > 0) {
            lines.add(Line.of(" ".repeat(indent + INDENT)).add(why));
        }
        told.add(wait.process().summary().pid());
        int waker = wait.what().waker() == null ? 0 : wait.what().waker().pid();
        if (waker != 0 && depth < DEPTH && !told.contains(waker)) {
            waitsOf(waker, FURTHER).forEach(next -> follow(lines, next, depth + 1, told));
        }
    }

    private List<WaitRow> waitsOf(int pid, int most) {
        return rows.waits().stream().filter(wait -> wait.process().summary().pid() == pid).limit(most).toList();
    }
}
