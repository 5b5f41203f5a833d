package ktrace.view;

import java.util.List;

/** Cuts lists for the screen. */
final class Fold {
    private Fold() {
    }

    /** The first {@code limit} rows, or all when only one would be left out: the line that says so is as long as the row. */
    static <T> List<T> head(List<T> rows, int limit) {
        return limit <= 0 ? List.of() : rows.size() - 1 <= limit ? rows : rows.subList(0, limit);
    }
}
