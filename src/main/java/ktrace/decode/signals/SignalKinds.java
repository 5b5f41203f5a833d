package ktrace.decode.signals;

import ktrace.decode.Family;
import ktrace.decode.Result;

/** The kinds of calls on signals. */
public final class SignalKinds {
    public static final Family ALL = new Family(SignalKinds::result, SignalCalls::kind, SignalEvents::kind, I386Signals::kind);

    private SignalKinds() {
    }

    private static Result result(String name) {
        return switch (name) {
            case "signal" -> SignalText::result;
            case "handler" -> I386Signals::handlerBefore;
            default -> null;
        };
    }
}
