package ktrace.view.screen;

/**
 * A key that was pressed.
 *
 * @param text what it stands for where text is typed; empty when that is none
 */
public record Typed(Key key, String text) {
    public static Typed of(Key key) {
        return new Typed(key, "");
    }
}
