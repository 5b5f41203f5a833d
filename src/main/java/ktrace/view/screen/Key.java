package ktrace.view.screen;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a key asks for. */
public enum Key {
    QUIT, PAUSE, PERIOD, SORT, UP, DOWN, PAGE_UP, PAGE_DOWN, TOP, BOTTOM, HELP, REDRAW, SUSPEND,
    /** One of the digits, which the text says. */
    TAB,
    NEXT, PREVIOUS, FILTER, ENTER, ESCAPE, ERASE,
    /** Any other: leaves the help. */
    OTHER;

    private static final int ESC = 0x1b;
    private static final int DELETE = 0x7f;
    /** Begins a character of several bytes in UTF-8. */
    private static final int MULTI = 0xc0;

    /**
     * The keys in what one read from a terminal gave; each sequence is one key. Cursor keys come as {@code ESC [ A} or, in
     * application mode, {@code ESC O A} (ECMA-48, xterm's ctlseqs).
     */
    static List<Typed> decode(byte[] bytes, int length) {
        List<Typed> keys = new ArrayList<>();
        int i = 0;
        while (i < length) {
            int b = bytes[i++];
            if (b == ESC && i < length && (bytes[i] == '[' || bytes[i] == 'O')) {
                int end = i + 1;
                while (end < length && (bytes[end] < '@' || bytes[end] > '~')) {
                    end++;
                }
                int last = Math.min(end + 1, length);
                keys.add(Typed.of(ofSequence(new String(bytes, i + 1, last - i - 1, StandardCharsets.ISO_8859_1))));
                i = last;
            } else if ((b & MULTI) == MULTI) {
                int begin = i - 1;
                while (i < length && (bytes[i] & MULTI) == 0x80) {
                    i++;
                }
                keys.add(new Typed(OTHER, new String(bytes, begin, i - begin, StandardCharsets.UTF_8)));
            } else {
                keys.add(new Typed(ofByte(b), b >= ' ' && b < DELETE ? String.valueOf((char) b) : ""));
            }
        }
        return keys;
    }

    /** Whether more bytes of the last key's sequence are to come: a terminal far away may send them apart. */
    static boolean isCut(byte[] bytes, int length) {
        int begin = length - 1;
        while (begin >= 0 && bytes[begin] != ESC) {
            begin--;
        }
        if (begin < 0) {
            return false;
        }
        int end = begin + 2;
        while (end < length && (bytes[end] < '@' || bytes[end] > '~')) {
            end++;
        }
        return begin + 1 == length || (bytes[begin + 1] == '[' || bytes[begin + 1] == 'O') && end >= length;
    }

    private static Key ofSequence(String sequence) {
        return switch (sequence) {
            case "A" -> UP;
            case "B" -> DOWN;
            case "C" -> NEXT;
            case "D" -> PREVIOUS;
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
            case 'j', 'E' - '@' -> DOWN;
            case '\r', '\n' -> ENTER;
            case '\t' -> NEXT;
            case '/' -> FILTER;
            case ESC -> ESCAPE;
            case DELETE, 'H' - '@' -> ERASE;
            case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> TAB;
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
