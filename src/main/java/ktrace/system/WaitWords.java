package ktrace.system;

/**
 * What a wait was for, in words that stand before and behind the name of the object: {@code to read} pipe:[8123],
 * {@code for} child 811 {@code to exit}.
 *
 * @param object the name as the kernel object has it, unescaped; empty when the words say it all
 */
public record WaitWords(String before, String object, String after) {
    /** As {@link #before}, where room is short. */
    public String brief() {
        return before.startsWith("in ") && before.endsWith(" for") ? "for" : before;
    }
}
