package ktrace.system;

import ktrace.event.ObjectKind;
import ktrace.system.objects.Objects;

/**
 * A wait that is to be told to a person.
 *
 * @param family that of the kind
 * @param call what is known of the call that it was in
 * @param callName its name; empty when it was in none
 * @param object the name of what was waited for; empty when that is not known
 */
public record ToldWait(ObjectKind kind, Family family, SystemCall call, String callName, String object) {
    /**
     * What it was for, in words that stand before and behind the name of the object: {@code to read} pipe:[8123],
     * {@code for} child 811 {@code to exit}.
     *
     * @param object the name as the kernel object has it, unescaped; empty when the words say it all
     */
    public record Words(String before, String object, String after) {
        /** As {@link #before}, where room is short. */
        public String brief() {
            return before.startsWith("in ") && before.endsWith(" for") ? "for" : before;
        }
    }

    /** Objects of which only the kind is known bear the name of their kind. */
    public boolean isNamed() {
        return !object.isEmpty() && !object.equals(kind.label()) && !object.equals("unknown");
    }

    /** With the name of the object between the two, or what such a thing is called where it has none. */
    public Words named(String before, String after) {
        return isNamed() ? new Words(before, object, after) : words(before + " " + family.one(kind) + after);
    }

    /** These words say it all. */
    public Words words(String all) {
        return new Words(all, "", "");
    }

    /** By what the call does: {@code to read} it, {@code in fsync on} it. */
    public Words byCall() {
        if (call.verb() != null) {
            return named(call.verb(), call.fills() && family.fillsUp(kind) ? " (full)" : "");
        }
        return named(callName.isEmpty() ? "for" : "in " + callName + " on", "");
    }
}
