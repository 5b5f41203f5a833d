package ktrace.decode;

import java.util.function.Predicate;

/**
 * How one parameter of a call is shown.
 *
 * @param shower writes it, given what its register held
 * @param isFilled whether the call fills it: then it is shown at exit
 * @param first of one that is filled: what is to be done at entry, or null
 * @param firstShows whether {@code first} writes the beginning of the text; else it only notes something in {@link Call#noted}
 * @param given whether the call has this parameter at all, which for open(2) depends on an earlier one
 * @param registerOrOwn the register to look at, when it is not the one at its own place, else -1
 */
public record Argument(Shower shower, boolean isFilled, Shower first, boolean firstShows, Predicate<Call> given,
        int registerOrOwn) {
    private static final Predicate<Call> ALWAYS = call -> true;

    /** Writes one value. */
    @FunctionalInterface
    public interface Shower {
        void show(Decoding decoding, long value);
    }

    /** Shown at entry. */
    public static Argument in(Shower shower) {
        return new Argument(shower, false, null, false, ALWAYS, -1);
    }

    /** Shown at exit; where the call failed, the address alone. */
    public static Argument out(Shower shower) {
        return late((d, value) -> {
            if (d.failed()) {
                d.address(value);
            } else {
                shower.show(d, value);
            }
        });
    }

    /** Shown at exit, also of a call that failed. */
    public static Argument late(Shower shower) {
        return new Argument(shower, true, null, false, ALWAYS, -1);
    }

    /** Shown at entry as it was given, and at exit as it has become. */
    public static Argument inOut(Shower before, Shower after) {
        return new Argument(after, true, before, true, ALWAYS, -1);
    }

    /** The same, after {@code note} has looked at something at entry. */
    public Argument noting(Shower note) {
        return new Argument(shower, isFilled, note, false, given, registerOrOwn);
    }

    /** The same, when {@code condition} holds. */
    public Argument onlyIf(Predicate<Call> condition) {
        return new Argument(shower, isFilled, first, firstShows, given.and(condition), registerOrOwn);
    }

    /** The same, looking at another register than its own. */
    public Argument from(int register) {
        return new Argument(shower, isFilled, first, firstShows, given, register);
    }

    public boolean isGiven(Call call) {
        return given.test(call);
    }

    public int register(int own) {
        return registerOrOwn < 0 ? own : registerOrOwn;
    }
}
