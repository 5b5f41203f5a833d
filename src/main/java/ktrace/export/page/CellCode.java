package ktrace.export.page;

import java.io.ByteArrayOutputStream;
import java.util.Base64;

/**
 * The cells of a thread as text: bytes in base64. Each cell is its state, or 14 for a time of which nothing is told, or 15 for a
 * mixed one; its length; of a mixed one a set of bits for the states and the time of each but the last; and where it waited, the
 * number of the wait. Numbers are in groups of seven bits, lowest first, the eighth bit set in all but the last.
 */
final class CellCode {
    private static final int NOTHING_TOLD = 14;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    String of(ThreadCells cells) {
        bytes.reset();
        long atNs = cells.size() == 0 ? 0 : cells.fromNs(0);
        for (int cell = 0; cell < cells.size(); cell++) {
            if (cells.fromNs(cell) > atNs) {
                number(NOTHING_TOLD);
                number(cells.fromNs(cell) - atNs);
            }
            cell(cells, cell);
            atNs = cells.toNs(cell);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private void cell(ThreadCells cells, int cell) {
        int state = cells.state(cell);
        // The bit above says that a wait follows.
        number(cells.wait(cell) == 0 ? state : state | ThreadCells.MIXED + 1);
        number(cells.lengthNs(cell));
        if (state == ThreadCells.MIXED) {
            int states = 0;
            for (int each = 0; each < ThreadCells.STATES; each++) {
                states |= cells.ns(cell, each) > 0 ? 1 << each : 0;
            }
            number(states);
            int last = Integer.highestOneBit(states);
            for (int each = 0; 1 << each < last; each++) {
                if ((states & 1 << each) != 0) {
                    number(cells.ns(cell, each));
                }
            }
        }
        if (cells.wait(cell) != 0) {
            number(cells.wait(cell));
        }
    }

    private void number(long value) {
        long rest = value;
        while (rest > 0x7f) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
