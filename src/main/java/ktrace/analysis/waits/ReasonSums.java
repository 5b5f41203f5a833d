package ktrace.analysis.waits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import ktrace.analysis.Because;
import ktrace.analysis.Cause;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.Waker;

/**
 * What many waits are explained by: of the current window, and of all time. The {@value #MOST} greatest parts are kept one by
 * one, the rest by cause. Which these are depends on the waits alone, not on where windows end. One thread; allocates for a new part only.
 */
final class ReasonSums {
    private static final int MOST = 8;
    private static final int CAUSES = Reasons.CAUSES;
    private static final Cause[] ALL = Cause.values();
    private static final Comparator<Because> LONGEST_FIRST = Comparator.comparingLong(Because::ns).reversed();

    private static final class Part {
        Object end;
        Waker waker;
        Cause cause;
        long windowNs;
        long totalNs;
    }

    private final List<Part> parts = new ArrayList<>(2);
    /** By cause, first of the window, then of all; null while nothing was joined. */
    private long[] rest;

    /**
     * Adds what one wait is explained by.
     *
     * @param lengthNs of the wait
     * @param newNs of that, what is to be told in this window: as great a share of each part
     */
    void add(Reasons reasons, long lengthNs, long newNs) {
        double share = newNs == lengthNs ? 1 : (double) newNs / lengthNs;
        long left = newNs;
        for (int i = 0; i < reasons.size(); i++) {
            long ns = reasons.ns(i);
            long windowNs = newNs == lengthNs ? ns : Math.min(left, (long) (share * ns));
            left -= windowNs;
            add(reasons.end(i), reasons.waker(i), reasons.cause(i), windowNs, ns);
        }
        for (int cause = 0; reasons.hasRest() && cause < CAUSES; cause++) {
            long ns = reasons.restNs(cause);
            long windowNs = newNs == lengthNs ? ns : Math.min(left, (long) (share * ns));
            left -= windowNs;
            addRest(cause, windowNs, ns);
        }
        if (left > 0 && reasons.size() > 0) {
            // What rounding has left.
            add(reasons.end(0), reasons.waker(0), reasons.cause(0), left, 0);
        }
    }

    private void addRest(int cause, long windowNs, long totalNs) {
        if (windowNs == 0 && totalNs == 0) {
            return;
        }
        if (rest == null) {
            rest = new long[2 * CAUSES];
        }
        rest[cause] += windowNs;
        rest[CAUSES + cause] += totalNs;
    }

    private void add(Object end, Waker waker, Cause cause, long windowNs, long totalNs) {
        Part least = null;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.cause == cause && (part.end == end || part.end.equals(end))) {
                part.windowNs += windowNs;
                part.totalNs += totalNs;
                part.waker = waker;
                return;
            }
            least = least == null || part.totalNs < least.totalNs ? part : least;
        }
        if (parts.size() < MOST) {
            least = new Part();
            parts.add(least);
        } else if (least.totalNs < totalNs) {
            addRest(least.cause.ordinal(), least.windowNs, least.totalNs);
        } else {
            addRest(cause.ordinal(), windowNs, totalNs);
            return;
        }
        least.end = end;
        least.waker = waker;
        least.cause = cause;
        least.windowNs = windowNs;
        least.totalNs = totalNs;
    }

    void add(ReasonSums other) {
        for (Part part : other.parts) {
            add(part.end, part.waker, part.cause, part.windowNs, part.totalNs);
        }
        for (int cause = 0; other.rest != null && cause < CAUSES; cause++) {
            addRest(cause, other.rest[cause], other.rest[CAUSES + cause]);
        }
    }

    /** What of the window is not told in it is told in no other. */
    void closeWindow() {
        for (Part part : parts) {
            part.windowNs = 0;
        }
        if (rest != null) {
            Arrays.fill(rest, 0, CAUSES, 0);
        }
    }

    List<Because> ofWindow() {
        return told(true);
    }

    List<Because> ofAll() {
        return told(false);
    }

    private List<Because> told(boolean window) {
        List<Because> told = new ArrayList<>();
        for (Part part : parts) {
            long ns = window ? part.windowNs : part.totalNs;
            if (ns > 0) {
                told.add(because(part, ns));
            }
        }
        for (int cause = 0; rest != null && cause < CAUSES; cause++) {
            long ns = rest[window ? cause : CAUSES + cause];
            if (ns > 0) {
                told.add(new Because(0, "", 0, "", ALL[cause], ns));
            }
        }
        told.sort(LONGEST_FIRST);
        return List.copyOf(told);
    }

    private static Because because(Part part, long ns) {
        String comm = part.waker == null ? "" : part.waker.comm();
        if (part.end instanceof ThreadId thread) {
            return new Because(thread.process().tgid(), comm, thread.tid(),
                    part.waker == null ? "" : part.waker.threadComm(), part.cause, ns);
        }
        return part.end instanceof Peer peer ? new Because(peer.pid(), peer.comm(), 0, "", part.cause, ns)
                : new Because(0, "", 0, "", part.cause, ns);
    }
}
