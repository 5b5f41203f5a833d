package ktrace.decode.calls;

import java.util.List;
import ktrace.decode.Argument;
import ktrace.decode.Result;

/** One line of calls.txt: how the parameters and the result of a call are shown. */
record CallLine(String name, List<Argument> arguments, Result result) {
    CallLine {
        arguments = List.copyOf(arguments);
    }
}
