package ktrace.ctf.mapping;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.ctf.KernelEvent;
import ktrace.ctf.tsdl.FieldType.Field;
import ktrace.ctf.tsdl.FieldType.StringType;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;

/**
 * Which argument of a system call a field of its event holds. LTTng leaves out arguments that the kernel only writes to, so that
 * names alone tell; ktrace's own traces carry all arguments in their order.
 */
final class ArgumentOrder {
    private static final int ARGUMENTS = 6;

    private final Map<String, String[]> names = new HashMap<>();

    /** Reads the table that comes with ktrace. */
    ArgumentOrder() {
        try (InputStream table = ArgumentOrder.class.getResourceAsStream("syscall-arguments.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] words = line.split(" ");
                names.put(words[0], words);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For each argument the field that holds it, or null; {@code call} as the table of system calls names it. */
    String[] byName(String call, EventClass event) {
        String[] fields = new String[ARGUMENTS];
        String[] words = names.get(call);
        if (words == null || event.fields() == null) {
            return fields;
        }
        List<String> present = event.fields().fields().stream().map(Field::plainName).toList();
        for (int i = 0; i < ARGUMENTS && i + 1 < words.length; i++) {
            for (String name : words[i + 1].split("\\|")) {
                if (present.contains(name)) {
                    fields[i] = name;
                }
            }
        }
        return fields;
    }

    /** Every field is an argument, but for texts, which are what an argument points to: their addresses stand behind all others. */
    static String[] byPosition(EventClass event) {
        String[] fields = new String[ARGUMENTS];
        List<Field> present = event.fields() == null ? List.of() : event.fields().fields();
        for (int i = 0; i < ARGUMENTS && i < present.size(); i++) {
            Field field = present.get(i);
            if (field.plainName().endsWith(KernelEvent.ADDRESS)) {
                break;
            }
            fields[i] = field.type() instanceof StringType ? field.plainName() + KernelEvent.ADDRESS : field.plainName();
        }
        return fields;
    }
}
