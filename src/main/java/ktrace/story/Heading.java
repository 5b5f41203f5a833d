package ktrace.story;

import ktrace.analysis.Summary;

/**
 * What stands above a summary.
 *
 * @param what whom it is about
 * @param when how it was seen, and which stretch of time it is about
 * @param events how many there were, and how many were lost
 * @param self what ktrace itself costs; empty where that is not known
 */
public record Heading(Telling what, Telling when, Telling events, Telling self) {
    /**
     * @param targets what is traced, as it was asked for; unescaped
     * @param elapsedNs since the start of the trace
     */
    public static Heading of(Summary summary, String targets, long elapsedNs, Alphabet alphabet) {
        Telling when = Telling.of(source(summary) + " " + alphabet.dot() + " ", Tone.FAINT)
                .add(window(summary, elapsedNs, alphabet.units()));
        return new Heading(what(targets, alphabet), when, events(summary), self(summary));
    }

    /** {@code ktrace -p 812}. */
    public static Telling what(String targets, Alphabet alphabet) {
        return Telling.of("ktrace ", Tone.STRONG).add(alphabet.escape(targets));
    }

    private static String source(Summary summary) {
        return summary.collector().equals("trace") ? "recorded trace" : summary.collector();
    }

    private static String window(Summary summary, long elapsedNs, Units units) {
        String duration = units.time(summary.durationNs());
        return switch (summary.scope()) {
            case INTERVAL -> "last " + duration + " of " + units.time(Math.max(elapsedNs, summary.durationNs()));
            case SO_FAR -> "all " + duration + " so far";
            case FINAL -> duration + " in all";
        };
    }

    private static Telling events(Summary summary) {
        Telling events = new Telling();
        if (summary.scope() == Summary.Scope.INTERVAL) {
            events.add(Units.rate(summary.events(), summary.durationNs(), "events"), Tone.STRONG);
        } else {
            events.add(Units.count(summary.events(), "event", "events"), Tone.STRONG)
                    .add(" (" + Units.rate(summary.events(), summary.durationNs(), "") + ")");
        }
        events.add("   ");
        if (summary.lost() == 0) {
            return events.add("0 lost", Tone.FAINT);
        }
        return events.add(Units.count(summary.lost()) + " LOST ("
                + Units.percent(summary.lost(), summary.events() + summary.lost()) + ")", Tone.BAD);
    }

    private static Telling self(Summary summary) {
        if (summary.self().rssBytes() == 0 && summary.self().cpuNs() == 0) {
            return new Telling();
        }
        return Telling.of("ktrace itself: " + Units.percent(summary.self().cpuNs(), summary.durationNs()) + " CPU, "
                + Units.bytes(summary.self().rssBytes()), Tone.FAINT);
    }
}
