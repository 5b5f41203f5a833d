package ktrace.ctf.mapping;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import ktrace.ctf.KernelEvent;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.RegisterMap;
import ktrace.ctf.tsdl.FieldType.Field;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.decode.ArgumentTexts;

/** What arguments of a call point to, in a trace of ktrace's whose collector read that. */
final class GivenTexts {
    private static final int ARGUMENTS = 6;

    private final int[] texts = new int[ARGUMENTS];
    private final int[] read = new int[ARGUMENTS];
    private final String[] names;

    private GivenTexts(String[] names, RegisterMap wanted) {
        this.names = names;
        for (int i = 0; i < ARGUMENTS; i++) {
            if (names[i] != null) {
                read[i] = wanted.number(names[i] + KernelEvent.READ);
            }
        }
    }

    /**
     * Null when the event has nothing of the kind.
     *
     * @param arguments which field holds which argument
     */
    static GivenTexts of(EventClass event, String[] arguments, RegisterMap wanted) {
        Set<String> present = event.fields() == null ? Set.of()
                : event.fields().fields().stream().map(Field::plainName).collect(Collectors.toSet());
        String[] names = new String[ARGUMENTS];
        boolean any = false;
        for (int i = 0; i < ARGUMENTS; i++) {
            String name = arguments[i];
            String text = name != null && name.endsWith(KernelEvent.ADDRESS)
                    ? name.substring(0, name.length() - KernelEvent.ADDRESS.length()) : name;
            names[i] = text != null && present.contains(text + KernelEvent.READ) ? text : null;
            any |= names[i] != null;
        }
        if (!any) {
            return null;
        }
        GivenTexts given = new GivenTexts(names, wanted);
        for (int i = 0; i < ARGUMENTS; i++) {
            if (names[i] != null) {
                boolean isText = arguments[i].endsWith(KernelEvent.ADDRESS);
                given.texts[i] = wanted.text(isText ? names[i] : names[i] + KernelEvent.BYTES);
            }
        }
        return given;
    }

    /** What the event at hand tells; null when nothing could be read. */
    ArgumentTexts texts(PacketCursor cursor) {
        byte[][] found = new byte[ARGUMENTS][];
        boolean any = false;
        for (int i = 0; i < ARGUMENTS; i++) {
            if (names[i] != null && cursor.registers[read[i]] != 0) {
                found[i] = text(cursor, texts[i]);
                any = true;
            }
        }
        return any ? new ArgumentTexts(found) : null;
    }

    private static byte[] text(PacketCursor cursor, int register) {
        int start = (int) cursor.registers[register];
        int length = (int) Math.min(cursor.registers[register + 1], ArgumentTexts.PATH_BYTES);
        return Arrays.copyOfRange(cursor.data, start, start + length);
    }
}
