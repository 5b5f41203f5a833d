package ktrace.ctf.write;

import java.util.Arrays;

/**
 * Which id an event goes by. Everyone has an extended one; the few that come often get one of the 31 compact ones, which take four
 * bytes with the time instead of thirteen. Since ids of what was written before stay valid, such an event is declared a second time
 * under the same name. One thread; allocates only when an event comes that never came before.
 */
final class EventIds {
    /** Ids that fit into the five bits of a compact header. */
    static final int COMPACT = 31;
    /**
     * So often an event must have come before it is worth a compact id: programs start with many different calls, each made once.
     */
    private static final int OFTEN = 256;

    private byte[] uses = new byte[0];
    private byte[] compact = new byte[0];
    private int nextCompact;

    /** What is to be declared before the event may be written. */
    enum News {
        NOTHING, FIRST, OFTEN
    }

    /** One more event of kind {@code number}. */
    News count(int number) {
        if (number >= uses.length) {
            int before = uses.length;
            uses = Arrays.copyOf(uses, Math.max(number + 1, 2 * uses.length));
            compact = Arrays.copyOf(compact, uses.length);
            Arrays.fill(compact, before, compact.length, (byte) COMPACT);
        }
        if (compact[number] < COMPACT || nextCompact == COMPACT && uses[number] != 0) {
            return News.NOTHING;
        }
        int times = (uses[number] & 0xff) + 1;
        uses[number] = (byte) Math.min(times, OFTEN - 1);
        if (times == OFTEN) {
            compact[number] = (byte) nextCompact++;
            return News.OFTEN;
        }
        return times == 1 ? News.FIRST : News.NOTHING;
    }

    /** The compact id of an event that was counted, or {@link #COMPACT} when it has none. */
    int compact(int number) {
        return compact[number];
    }

    /** The extended id. */
    static int extended(int number) {
        return COMPACT + number;
    }
}
