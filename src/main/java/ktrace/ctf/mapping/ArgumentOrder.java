package ktrace.ctf.mapping;

import java.util.List;
import java.util.Map;
import ktrace.ctf.KernelEvent;
import ktrace.ctf.tsdl.FieldType.Field;
import ktrace.ctf.tsdl.FieldType.StringType;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.linux.SyscallArguments;

/**
 * Which argument of a system call a field of its event holds. LTTng leaves out arguments that the kernel only writes to, so that
 * names alone tell; ktrace's own traces carry all arguments in their order.
 */
final class ArgumentOrder {
    private static final int ARGUMENTS = 6;

    private final Map<String, List<String>> names = SyscallArguments.names();

    /** For each argument the field that holds it, or null; {@code call} as the table of system calls names it. */
    String[] byName(String call, EventClass event) {
        String[] fields = new String[ARGUMENTS];
        List<String> arguments = names.get(call);
        if (arguments == null || event.fields() == null) {
            return fields;
        }
        List<String> present = event.fields().fields().stream().map(Field::plainName).toList();
        for (int i = 0; i < ARGUMENTS && i < arguments.size(); i++) {
            for (String name : arguments.get(i).split("\\|")) {
                if (present.contains(name)) {
                    fields[i] = name;
                }
            }
        }
        return fields;
    }

    /**
     * Every field is an argument, but for texts, which are what an argument points to: their addresses stand behind all others, and
     * behind those what tells how much of it was read.
     */
    static String[] byPosition(EventClass event) {
        String[] fields = new String[ARGUMENTS];
        List<Field> present = event.fields() == null ? List.of() : event.fields().fields();
        for (int i = 0; i < ARGUMENTS && i < present.size(); i++) {
            Field field = present.get(i);
            if (field.plainName().endsWith(KernelEvent.ADDRESS) || field.plainName().endsWith(KernelEvent.READ)) {
                break;
            }
            fields[i] = field.type() instanceof StringType ? field.plainName() + KernelEvent.ADDRESS : field.plainName();
        }
        return fields;
    }
}
