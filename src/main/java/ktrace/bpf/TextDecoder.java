package ktrace.bpf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import ktrace.bpf.program.TextReads;
import ktrace.decode.ArgumentTexts;
import ktrace.event.TraceEvent;

/** Takes what a call was given out of a SYS_ENTER that is longer than others. Allocates what it finds. */
final class TextDecoder {
    private static final int ARGUMENTS = 6;

    private TextDecoder() {
    }

    /**
     * Adds it to the event, which has the rest.
     *
     * @return how much could not be read; what an argument that is null does not point to is not missing
     */
    static int decode(MemorySegment memory, long base, int bytes, TraceEvent event) {
        int wish = memory.get(JAVA_INT, base + TextReads.WISH);
        int room = bytes - TextReads.TEXTS;
        int firstLength = within(memory.get(JAVA_INT, base + TextReads.FIRST_LENGTH), room);
        int secondLength = within(memory.get(JAVA_INT, base + TextReads.SECOND_LENGTH), room - Math.max(0, firstLength));
        byte[][] texts = new byte[ARGUMENTS][];
        int first = Math.min(TextReads.first(wish), ARGUMENTS - 1);
        int second = Math.min(TextReads.second(wish), ARGUMENTS - 1);
        int missing = 0;
        if (firstLength > 0) {
            texts[first] = take(memory, base + TextReads.TEXTS, TextReads.isPath(wish) ? firstLength - 1 : firstLength);
        } else if (event.argument(first) != 0) {
            missing++;
        }
        if (secondLength > 0) {
            texts[second] = take(memory, base + TextReads.TEXTS + Math.max(0, firstLength), secondLength - 1);
        } else if (TextReads.hasSecond(wish) && event.argument(second) != 0) {
            missing++;
        }
        event.payload = firstLength > 0 || secondLength > 0 ? new ArgumentTexts(texts) : null;
        return missing;
    }

    private static int within(int length, int room) {
        return Math.min(length, room);
    }

    private static byte[] take(MemorySegment memory, long at, int length) {
        return memory.asSlice(at, length).toArray(JAVA_BYTE);
    }
}
