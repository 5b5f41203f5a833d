package ktrace.decode.calls;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import ktrace.decode.Argument;
import ktrace.decode.Call;
import ktrace.decode.Decoding;
import ktrace.decode.Result;
import ktrace.tracefs.TracepointFormat;

/** A call without a line in calls.txt: its arguments by name and type as the kernel describes them, or six bare numbers. */
final class UnknownCall {
    private static final CallLine BARE = new CallLine("",
            Collections.nCopies(Call.ARGUMENTS, Argument.in(Decoding::hex)),
            Result.NUMBER);

    private UnknownCall() {
    }

    static CallLine line(TracepointFormat entry) {
        if (entry == null) {
            return BARE;
        }
        List<Argument> arguments = new ArrayList<>();
        for (TracepointFormat.Field field : entry.fields()) {
            if (isArgument(field) && arguments.size() < Call.ARGUMENTS) {
                arguments.add(Argument.in((d, value) -> show(d, field, value)));
            }
        }
        return new CallLine(entry.name(), arguments, Result.NUMBER);
    }

    /** Before the arguments stand the common fields and {@code int __syscall_nr}, or {@code int nr} before Linux 4.18. */
    private static boolean isArgument(TracepointFormat.Field field) {
        return field.sizeBytes() == 8 && !field.dataLocation();
    }

    private static void show(Decoding d, TracepointFormat.Field field, long value) {
        StringBuilder out = d.out().append(field.name()).append('=');
        String type = field.type();
        if (type.contains("*")) {
            d.address(value);
        } else if (type.equals("int") || type.equals("long")) {
            out.append(type.equals("int") ? (int) value : value);
        } else if (field.name().endsWith("fd") && type.equals("unsigned int")) {
            d.fd((int) value);
        } else {
            d.hex(type.equals("unsigned int") ? value & 0xffff_ffffL : value);
        }
    }
}
