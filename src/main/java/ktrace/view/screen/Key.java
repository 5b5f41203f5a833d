package ktrace.view.screen;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a key asks for. */
public enum Key {
    QUIT, PAUSE, PERIOD, SORT, UP, DOWN, PAGE_UP, PAGE_DOWN, TOP, BOTTOM, HELP, REDRAW, SUSPEND,
    /** Any other: leaves the help. */
    OTHER;

    private static final int ESC = 0x1b;

    /**
     * The keys in what one read from a terminal gave; each sequence is one key. Cursor keys come as {@code ESC [ A} or, in
     * application mode, {@code ESC O A} (ECMA-48, xterm's ctlseqs).
     */
    static List<Key> decode(byte[] bytes, int length) {
        List<Key> keys = new ArrayList<>();
        int i = 0;
        while (i < length) {
            int b = bytes[i++];
            Key key;
            if (b == ESC && i < length && (bytes[i] == '[' || bytes[i] == 'O')) {
                int end = i + 1;
                while (end < length && (bytes[end] < '@' || bytes[end] > '~')) {
                    end++;
                }
                int last = Math.min(end + 1, length);
                key = ofSequence(new String(bytes, i + 1, last - i - 1, StandardCharsets.ISO_8859_1));
                i = last;
            } else {
                key = ofByte(b);
            }
            keys.add(key);
        }
        return keys;
    }

    private static Key ofSequence(String sequence) {
        return switch (sequence) {
            case "A" -> UP;
            case "B" -> DOWN;
            case "5~" -> PAGE_UP;
            case "6~" -> PAGE_DOWN;
            case "H", "1~", "7~" -> TOP;
            case "F", "4~", "8~" -> BOTTOM;
            default -> OTHER;
        };
    }

    private static Key ofByte(int b) {
        return switch (b) {
            case 'q', 'Q', 'C' - '@', 'D' - '@', '\\' - '@' -> QUIT;
            case ' ', 'p' -> PAUSE;
            case 't' -> PERIOD;
            case 's' -> SORT;
            case 'k', 'Y' - '@' -> UP;
            case 'j', 'E' - '@', '\r', '\n' -> DOWN;
            case 'b', 'B' - '@', 'U' - '@' -> PAGE_UP;
            case 'f', 'F' - '@' -> PAGE_DOWN;
            case 'g' -> TOP;
            case 'G' -> BOTTOM;
            case '?', 'h' -> HELP;
            case 'L' - '@' -> REDRAW;
            case 'Z' - '@' -> SUSPEND;
            default -> OTHER;
        };
    }
}
