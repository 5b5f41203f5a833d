package ktrace.story;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import ktrace.analysis.ThreadWaits;

/** What is shown of a list that is too long. */
public final class Fold {
    private Fold() {
    }

    /** The first {@code limit} rows, or all when only one would be left out: the line that says so is as long as the row. */
    public static <T> List<T> head(List<T> rows, int limit) {
        return limit <= 0 ? List.of() : rows.size() - 1 <= limit ? rows : rows.subList(0, limit);
    }

    /** {@code … and 37 more processes}. */
    public static Telling more(int count, String one, String many, Alphabet alphabet) {
        return Telling.of(alphabet.ellipsis() + " and " + Units.count(count) + " more " + (count == 1 ? one : many), Tone.FAINT);
    }

    /**
     * Those who had nothing to do, all numbers and as many names as there is room for in {@code columns}:
     * {@code idle: 14 threads of 3 processes, redis-server(812), nginx(830), …}.
     */
    public static Telling idle(List<WaitRow> rows, Alphabet alphabet, int columns) {
        List<ProcessRow> processes = rows.stream().map(WaitRow::process).distinct().toList();
        int members = processes.stream().mapToInt(ProcessRow::members).sum();
        StringBuilder told = new StringBuilder("idle: " + Units.count(Math.max(members, threads(rows)), "thread", "threads") + " of "
                + Units.count(members, "process", "processes"));
        String more = ", " + alphabet.ellipsis();
        for (int i = 0; i < processes.size(); i++) {
            String name = ", " + Names.of(processes.get(i), alphabet, Names.MAX_COLUMNS);
            boolean isLast = i == processes.size() - 1;
            if (Telling.of(told + name + (isLast ? "" : more)).width() > columns) {
                told.append(more);
                break;
            }
            told.append(name);
        }
        return Telling.of(told.toString(), Tone.FAINT);
    }

    /** Of waits that many do, not all are known. */
    private static int threads(List<WaitRow> rows) {
        Set<Integer> known = new HashSet<>();
        rows.forEach(row -> Stream.of(row.what().threads().stream().map(ThreadWaits::tid).toList(), row.waiters())
                .flatMap(Collection::stream).forEach(known::add));
        known.remove(0);
        return known.size();
    }
}
