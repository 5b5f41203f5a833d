package ktrace.decode;

import java.util.function.Predicate;

/**
 * How one parameter of a call is shown.
 *
 * @param shower writes it, given what its register held
 * @param isFilled whether the call fills it: then it is shown at exit
 * @param given whether the call has this parameter at all, which for open(2) depends on an earlier one; none follows one that is not
 *     given
 * @param registerOrOwn the register to look at, when it is not the one at its own place, else -1
 */
record Argument(Shower shower, boolean isFilled, Predicate<Call> given, int registerOrOwn) {
    private static final Predicate<Call> ALWAYS = call -> true;

    /** Writes one value. */
    @FunctionalInterface
    interface Shower {
        void show(Decoding decoding, long value);
    }

    /** Shown at entry. */
    static Argument in(Shower shower) {
        return new Argument(shower, false, ALWAYS, -1);
    }

    /** Shown at exit; where the call failed, the address alone. */
    static Argument out(Shower shower) {
        return new Argument((d, value) -> {
            if (d.failed()) {
                d.address(value);
            } else {
                shower.show(d, value);
            }
        }, true, ALWAYS, -1);
    }

    /** Shown at exit, also of a call that failed. */
    static Argument late(Shower shower) {
        return new Argument(shower, true, ALWAYS, -1);
    }

    /** The same, when {@code given} holds. */
    Argument onlyIf(Predicate<Call> condition) {
        return new Argument(shower, isFilled, given.and(condition), registerOrOwn);
    }

    /** The same, looking at another register than its own. */
    Argument from(int register) {
        return new Argument(shower, isFilled, given, register);
    }

    boolean isGiven(Call call) {
        return given.test(call);
    }

    int register(int own) {
        return registerOrOwn < 0 ? own : registerOrOwn;
    }

    void show(Decoding decoding, long value) {
        shower.show(decoding, value);
    }
}
