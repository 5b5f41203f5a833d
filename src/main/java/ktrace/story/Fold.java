package ktrace.story;

import java.util.List;

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
}
