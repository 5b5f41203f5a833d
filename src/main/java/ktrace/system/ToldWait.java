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
    /** Objects of which only the kind is known bear the name of their kind. */
    public boolean isNamed() {
        return !object.isEmpty() && !object.equals(kind.label()) && !object.equals("unknown");
    }

    /** With the name of the object between the two, or what such a thing is called where it has none. */
    public WaitWords named(String before, String after) {
        return isNamed() ? new WaitWords(before, object, after) : words(before + " " + family.one(kind) + after);
    }

    /** These words say it all. */
    public WaitWords words(String all) {
        return new WaitWords(all, "", "");
    }

    /** By what the call does: {@code to read} it, {@code in fsync on} it. */
    public WaitWords byCall() {
        if (call.verb() != null) {
            return named(call.verb(), call.fills() && family.fillsUp(kind) ? " (full)" : "");
        }
        return named(callName.isEmpty() ? "for" : "in " + callName + " on", "");
    }
}
