package ktrace.story;

import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.Waker;
import ktrace.system.ToldWait.Words;
import ktrace.system.family.Families;
import ktrace.text.TextWidth;

/**
 * One kind of wait as a sentence: {@code sort(812) waited 1.91 s (96 %) to read pipe:[8123] ← cat(811)}; or, within one process,
 * {@code worker-1(902) of java(900) waited 3.6 s (90 %) for futex 0x7f3a10c0 ← hog-holder(901), which slept 97 %}. Where it is
 * too long, what it is explained by gives way first, the least of it before the rest, then the process of a thread, then most of the
 * object's name and of the words, then the share, because who, how long and for whom is the news.
 */
public final class WaitSentence {
    private static final int MIN_OBJECT = 16;
    /** So many parts of what a wait is explained by are told at most. */
    private static final int MOST_BECAUSE = 3;
    /** Names are cut to this when nothing else helps; the numbers stay. */
    private static final int SHORT_NAME = 14;
    /** Both ends on the same machine: the ports say it all. */
    private static final Pattern LOOPBACK = Pattern.compile("(127(?:\\.\\d+){3}|\\[?::1]?):(\\d+)(\\W+)\\1:(\\d+)");

    private final WaitRow row;
    private final Alphabet alphabet;
    private final int maxName;
    private final Telling subject;
    /** Whose thread the subject is; empty where it is told of a process, or its leader, which has the same name. */
    private final Telling process;
    private final Telling howLong = new Telling();
    private final Telling share;
    private final Telling what;
    private final Telling brief;
    private final Telling after = new Telling();
    private final String object;
    private final BecauseWords because;

    /** @param maxPeers how many of those who hold the other end to name */
    public WaitSentence(WaitRow row, Alphabet alphabet, int maxPeers) {
        this(row, alphabet, maxPeers, Names.MAX_COLUMNS);
    }

    private WaitSentence(WaitRow row, Alphabet alphabet, int maxPeers, int maxName) {
        this.row = row;
        this.maxName = maxName;
        WaitSummary wait = row.what();
        this.alphabet = alphabet;
        Words phrase = Families.ALL.words(wait.kind(), wait.syscall(), wait.object());
        subject = Telling.of(subject(), Tone.STRONG);
        boolean isNewName = row.waiters().size() == 1 && !subject().equals(processName());
        process = Telling.of(isNewName ? " of " + processName() : "", Tone.FAINT);
        boolean goesOn = wait.count() == 0 && wait.ongoing();
        howLong.add((goesOn ? " has " : " ") + (wait.kind() == ObjectKind.SLEEP ? "slept " : "waited "));
        howLong.add(alphabet.units().time(wait.totalNs()), Tone.STRONG);
        share = Telling.of(" (" + Units.percent(wait.totalNs(), row.observedNs()) + ")");
        what = Telling.of(phrase.before().isEmpty() ? "" : " " + phrase.before());
        brief = Telling.of(phrase.before().isEmpty() ? "" : " " + phrase.brief());
        object = alphabet.escape(phrase.object());
        after.add(phrase.after());
        addWaker(maxPeers);
        because = new BecauseWords(row, alphabet, maxName);
    }

    private String subject() {
        return switch (row.waiters().size()) {
            case 0 -> processName();
            case 1 -> Names.of(row.waiter().comm(), row.waiter().tid(), alphabet, maxName);
            default -> Units.count(row.waiters().size()) + " threads of " + processName();
        };
    }

    private String processName() {
        return Names.of(row.process(), alphabet, maxName);
    }

    private String wakers() {
        Waker waker = row.what().waker();
        if (row.wakers().size() > 1) {
            return row.wakerName() != null ? Names.many(row.wakers().size(), row.wakerName(), alphabet, maxName)
                    : row.wakers().contains(0) ? Names.of(waker.process(), alphabet, maxName)
                    : Units.count(row.wakers().size()) + " threads";
        }
        return row.isOfThreads() && waker.tid() != 0 ? Names.of(waker.threadComm(), waker.tid(), alphabet, maxName)
                : Names.of(waker.process(), alphabet, maxName);
    }

    private void addWaker(int maxPeers) {
        WaitSummary wait = row.what();
        if (wait.waker() != null) {
            after.add(" " + alphabet.from() + " ", Tone.FAINT).add(wakers(), Tone.STRONG);
        }
        List<Peer> peers = wait.peers();
        boolean isOwn = peers.size() == 1 && peers.getFirst().pid() == row.process().summary().pid();
        if (peers.isEmpty() || isOwn || row.isJoined() || wait.waker() != null && wait.evidence() == Evidence.OBJECT
                || wait.waker() != null && peers.stream().anyMatch(p -> p.pid() == wait.waker().pid())) {
            return;
        }
        StringBuilder names = new StringBuilder(peers.size() == 1 ? " peer " : " peers ");
        for (int i = 0; i < Math.min(maxPeers, peers.size()); i++) {
            names.append(i == 0 ? "" : ", ").append(Names.of(peers.get(i), alphabet, maxName));
        }
        if (peers.size() > maxPeers) {
            names.append(" +").append(peers.size() - maxPeers);
        }
        after.add(" " + alphabet.dot() + names, Tone.FAINT);
    }

    private Telling because(int parts) {
        return Telling.of(because.told(parts), Tone.FAINT);
    }

    public int width() {
        return process.width() + line(object, share, what).width() + because(MOST_BECAUSE).width();
    }

    /** The sentence in at most {@code columns}, or as short as it can be told. */
    public Telling fit(int columns) {
        Telling whole = line(process, object, share, what);
        if (whole.width() <= columns) {
            int room = columns - whole.width();
            return whole.add(IntStream.iterate(Math.min(MOST_BECAUSE, because.size()), parts -> parts > 0, parts -> parts - 1)
                    .mapToObj(this::because).filter(more -> more.width() <= room).findFirst()
                    .orElseGet(() -> room < because.brief().length() ? new Telling() : Telling.of(because.brief(), Tone.FAINT)));
        }
        return bare(columns);
    }

    /** The part of an explanation that fits into {@code columns}: {@code which computed 71 %}; empty where there is none. */
    public Telling explanation(int columns) {
        for (int parts = because.size(); parts > 0; parts--) {
            String told = because.told(parts).substring(", ".length());
            if (TextWidth.of(told) <= columns) {
                return Telling.of(told, Tone.FAINT);
            }
        }
        return new Telling();
    }

    /** The sentence without what explains it, in at most {@code columns}, or as short as it can be told. */
    public Telling bare(int columns) {
        Telling withProcess = line(process, object, share, what);
        if (withProcess.width() <= columns) {
            return withProcess;
        }
        Telling withoutProcess = line(object, share, what);
        if (withoutProcess.width() <= columns) {
            return withoutProcess;
        }
        String name = withoutLoopback(object);
        Telling nothing = new Telling();
        return Stream.<IntFunction<Telling>>of(
                        min -> fitted(name, min, columns, share, what), min -> fitted(name, min, columns, share, brief),
                        min -> fitted(name, min / 2, columns, share, brief), min -> fitted(name, min, columns, nothing, what),
                        min -> fitted(name, min, columns, nothing, brief), min -> fitted(name, min / 2, columns, nothing, brief))
                .map(attempt -> attempt.apply(MIN_OBJECT)).filter(Objects::nonNull).findFirst()
                .orElseGet(() -> maxName > SHORT_NAME ? new WaitSentence(row, alphabet, 1, SHORT_NAME).fit(columns)
                        : line(ObjectName.fit(name, MIN_OBJECT, alphabet.ellipsis()), nothing, brief));
    }

    /** Null when the name of the object would get less than {@code minObject} columns and needs more than it gets. */
    private Telling fitted(String name, int minObject, int columns, Telling share, Telling what) {
        int room = columns - line("", share, what).width() - 1;
        return room < ObjectName.least(name, minObject) ? null
                : line(ObjectName.fit(name, room, alphabet.ellipsis()), share, what);
    }

    private Telling line(String name, Telling share, Telling what) {
        return line(new Telling(), name, share, what);
    }

    private Telling line(Telling process, String name, Telling share, Telling what) {
        Telling line = new Telling().add(subject).add(process).add(howLong).add(share).add(what);
        return (name.isEmpty() ? line : line.add(" " + name)).add(after);
    }

    private static String withoutLoopback(String name) {
        Matcher matcher = LOOPBACK.matcher(name);
        return matcher.find() ? matcher.replaceFirst(":$2$3:$4") : name;
    }
}
