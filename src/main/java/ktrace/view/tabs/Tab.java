package ktrace.view.tabs;

import java.util.Locale;

/** What the screen shows, by its number. */
enum Tab {
    ALL, PROCESSES, WAITS, GRAPH, CALLS, CONNECTIONS;

    /** The tab of a digit; null when it has none. */
    static Tab of(String digit) {
        int number = digit.isEmpty() ? values().length : digit.charAt(0) - '0';
        return number >= 0 && number < values().length ? values()[number] : null;
    }

    Tab next(int by) {
        return values()[Math.floorMod(ordinal() + by, values().length)];
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
