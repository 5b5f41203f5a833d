package ktrace.view;

import java.util.List;
import ktrace.analysis.Summary;

/** Whom, how, since when; how many events, what was lost, and what ktrace itself costs. */
final class HeaderSection {
    private HeaderSection() {
    }

    /**
     * @param targets what is traced, as it was asked for; unescaped
     * @param elapsedNs since the start of the trace
     */
    static List<Line> lines(Summary summary, String targets, long elapsedNs, Page page) {
        Units units = page.units();
        Line what = Line.of("ktrace ", Style.STRONG).add(page.glyphs().escape(targets));
        Line when = Line.of(source(summary) + " " + page.glyphs().dot() + " ", Style.FAINT).add(window(summary, elapsedNs, units));
        Line events = new Line();
        if (summary.scope() == Summary.Scope.INTERVAL) {
            events.add(Units.rate(summary.events(), summary.durationNs(), "events"), Style.STRONG);
        } else {
            events.add(Units.count(summary.events(), "event", "events"), Style.STRONG)
                    .add(" (" + Units.rate(summary.events(), summary.durationNs(), "") + ")");
        }
        events.add("   ").add(lost(summary));
        return List.of(page.ends(what, when), page.ends(events, self(summary, page)));
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

    private static Line lost(Summary summary) {
        if (summary.lost() == 0) {
            return Line.of("0 lost", Style.FAINT);
        }
        return Line.of(Units.count(summary.lost()) + " LOST (" + Units.percent(summary.lost(), summary.events() + summary.lost())
                + ")", Style.BAD);
    }

    private static Line self(Summary summary, Page page) {
        if (summary.self().rssBytes() == 0 && summary.self().cpuNs() == 0) {
            return new Line();
        }
        return Line.of("ktrace itself: " + Units.percent(summary.self().cpuNs(), summary.durationNs()) + " CPU, "
                + Units.bytes(summary.self().rssBytes()), Style.FAINT);
    }
}
