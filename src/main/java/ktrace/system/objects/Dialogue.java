package ktrace.system.objects;

import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.event.TraceEvent.Expects;

/**
 * Who of two that are connected owes the other something, by what they send and take: what one end does. One that asks is owed an
 * answer from when it has sent until it takes something; one that answers waits for work whenever it waits to read. Which of them
 * asks is known by connect(2) and accept(2), by the port of a server or the name of its socket, or else taken to be the one that is
 * seen to send first.
 *
 * <pre>
 *   connect  send ──────────► ├── recv: ANSWER ──┤ take       recv: nothing asked, WORK ─ ─
 *   accept        take ─ compute ─ send ├── recv: WORK ─ ─
 * </pre>
 *
 * <p>Two pipes are a dialogue if what one process writes to the one another reads, which writes to the other what the first reads. There
 * the pipe has the part that is played through it: one is asked through, and answered through the other. Whoever is seen to send after
 * it has taken something has answered; but a parent asks its child, and not the other way round.
 */
public enum Dialogue {
    UNKNOWN, ASKS, ANSWERS;

    /** Where Linux takes the ports of those from that connect (net.ipv4.ip_local_port_range). */
    private static final int FIRST_PASSING = 32_768;

    /**
     * A call has moved data.
     *
     * @return whether that was a request
     */
    public static boolean moved(TrackedObject socket, Way way) {
        if (way == Way.BOTH || !isConnection(socket)) {
            return false;
        }
        if (socket.dialogue == UNKNOWN) {
            socket.dialogue = of(socket, way);
        }
        socket.asked = way == Way.WRITE && socket.dialogue == ASKS;
        if (socket.dialogue == ANSWERS) {
            socket.answered |= way == Way.WRITE;
            // Whoever has never answered may be one who only takes what it is told.
            socket.owes = way == Way.READ && socket.answered;
        }
        return socket.asked;
    }

    private static boolean isConnection(TrackedObject object) {
        ObjectKind kind = object.kind();
        return (kind == ObjectKind.TCP || kind == ObjectKind.UNIX || kind == ObjectKind.UDP) && !object.isStandIn()
                && !object.listening;
    }

    private static Dialogue of(TrackedObject socket, Way way) {
        Dialogue known = byName(socket);
        return known != UNKNOWN ? known : way == Way.WRITE ? ASKS : ANSWERS;
    }

    /** By what connects with what, whatever has been sent. */
    private static Dialogue byName(TrackedObject socket) {
        TrackedObject other = socket.otherEnd();
        if (other != null && other.dialogue != UNKNOWN && !socket.isOneWay()) {
            return other.dialogue == ASKS ? ANSWERS : ASKS;
        }
        int local = socket.kind() == ObjectKind.TCP ? SocketNames.localPort(socket.object) : -1;
        int remote = local < 0 ? -1 : SocketNames.remotePort(socket.object);
        if (remote >= 0 && local >= FIRST_PASSING != remote >= FIRST_PASSING) {
            return local >= FIRST_PASSING ? ASKS : ANSWERS;
        }
        // What a server accepts has the name that it listens at; who connects need have none.
        boolean isNamed = isNamedUnix(socket);
        return other == null || isNamed == isNamedUnix(other) ? UNKNOWN : isNamed ? ANSWERS : ASKS;
    }

    private static boolean isNamedUnix(TrackedObject socket) {
        return socket.kind() == ObjectKind.UNIX && socket.named && !socket.datagram && !SocketNames.isUnnamed(socket.object);
    }

    /** Whether it is the end that asks, which nobody was seen to use: what came before the trace may be still to be answered. */
    public static boolean mayHaveAsked(TrackedObject socket) {
        return isConnection(socket) && socket.dialogue == UNKNOWN && byName(socket) == ASKS;
    }

    /** What whoever waits to read from it may expect. */
    public static Expects ofReader(TrackedObject object) {
        if (!object.listening && (!isConnection(object) || object.dialogue == UNKNOWN)) {
            return isConnection(object) && byName(object) == ANSWERS ? Expects.WORK : Expects.UNKNOWN;
        }
        return object.asked ? Expects.ANSWER : Expects.WORK;
    }

    // -- pipes ---------------------------------------------------------------------------------------------------------------

    /** So many pipes are remembered of a process, and so many of those that hold one looked at. */
    private static final int LATEST = 4;
    private static final int MOST_HOLDERS = 64;

    /** The pipes that were used last, and when. */
    static final class Latest {
        private final TrackedObject[] pipes = new TrackedObject[LATEST];
        private final long[] timesNs = new long[LATEST];
        private int next;

        void used(TrackedObject pipe, long nowNs) {
            int i = indexOf(pipe);
            if (i < 0) {
                i = next;
                next = (next + 1) % LATEST;
                pipes[i] = pipe;
            }
            timesNs[i] = nowNs;
        }

        private int indexOf(TrackedObject pipe) {
            for (int i = 0; i < LATEST; i++) {
                if (pipes[i] == pipe) {
                    return i;
                }
            }
            return -1;
        }

        /** Long ago when it was not. */
        private static long timeNs(Latest of, TrackedObject pipe) {
            int i = of == null ? -1 : of.indexOf(pipe);
            return i < 0 ? Long.MIN_VALUE : of.timesNs[i];
        }
    }

    private static boolean isPipe(TrackedObject object) {
        return (object.kind() == ObjectKind.PIPE || object.kind() == ObjectKind.FIFO) && !object.isStandIn();
    }

    /**
     * The same of a call on a pipe.
     *
     * @param mine of who made it
     */
    public static boolean moved(TrackedObject pipe, Way way, long bytes, FdTable mine, long nowNs) {
        if (!isPipe(pipe) || way == Way.BOTH) {
            return moved(pipe, way);
        }
        if (way == Way.WRITE) {
            if (pipe.dialogue == UNKNOWN && mine.taken != null) {
                answers(pipe, mine);
            }
            mine.written = mine.written == null ? new Latest() : mine.written;
            mine.written.used(pipe, nowNs);
            pipe.unreadBytes += bytes;
            pipe.asked = pipe.dialogue == ASKS;
            return pipe.asked;
        }
        mine.taken = mine.taken == null ? new Latest() : mine.taken;
        mine.taken.used(pipe, nowNs);
        pipe.unreadBytes = Math.max(0, pipe.unreadBytes - bytes);
        for (int i = 0; i < LATEST && mine.written != null && pipe.dialogue == ANSWERS; i++) {
            TrackedObject request = mine.written.pipes[i];
            if (request != null && other(request, pipe, mine) != null) {
                request.asked = false;
            }
        }
        return false;
    }

    /** {@code mine} is about to send something through {@code pipe}: an answer to what it has taken, if that came from there. */
    private static void answers(TrackedObject pipe, FdTable mine) {
        for (TrackedObject request : mine.taken.pipes) {
            FdTable other = request == null || request.dialogue == ANSWERS ? null : other(pipe, request, mine);
            if (other != null && !isParent(mine, other)) {
                request.dialogue = ASKS;
                pipe.dialogue = ANSWERS;
            }
        }
    }

    /** Who else reads what is written to {@code sent} and writes what is read from {@code taken}; null when that is nobody known. */
    private static FdTable other(TrackedObject sent, TrackedObject taken, FdTable mine) {
        for (int i = 0; i < sent.holdingCount() && i < MOST_HOLDERS && sent != taken; i++) {
            Holding reads = sent.holding(i);
            Holding writes = reads.readers == 0 || reads.table == mine ? null : taken.holdingOf(reads.table);
            if (writes != null && writes.writers > 0) {
                return reads.table;
            }
        }
        return null;
    }

    private static boolean isParent(FdTable mine, FdTable other) {
        for (int i = 0; i < other.owners().size(); i++) {
            for (int j = 0; j < mine.owners().size(); j++) {
                if (other.owners().get(i).isChildOf(mine.owners().get(j).peer().pid())) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What whoever waits to read from a pipe, or whatever it is, may expect. */
    public static Expects ofReader(TrackedObject object, FdTable mine) {
        if (!isPipe(object)) {
            return ofReader(object);
        }
        if (object.dialogue == ASKS) {
            return Expects.WORK;
        }
        for (int i = 0; i < LATEST && mine.written != null; i++) {
            TrackedObject request = mine.written.pipes[i];
            FdTable other = request == null ? null : other(request, object, mine);
            boolean hasAsked = other != null && Latest.timeNs(mine.written, request) > Latest.timeNs(mine.taken, object);
            if (other != null && object.dialogue == UNKNOWN) {
                // Its first answer, or one whose calls are not seen.
                return hasAsked && isParent(mine, other) ? Expects.ANSWER : Expects.UNKNOWN;
            }
            if (other != null) {
                return hasAsked || isOwed(request, object, mine) ? Expects.ANSWER
                        : isHeard(request, mine) ? Expects.WORK : Expects.UNKNOWN;
            }
        }
        return Expects.UNKNOWN;
    }

    /** Whether there is more to be taken from {@code request}, or somebody has and not answered. */
    private static boolean isOwed(TrackedObject request, TrackedObject answer, FdTable mine) {
        boolean owed = request.unreadBytes > 0;
        for (int i = 0; i < request.holdingCount() && i < MOST_HOLDERS && !owed; i++) {
            FdTable table = request.holding(i).table;
            owed = table != mine && Latest.timeNs(table.taken, request) > Latest.timeNs(table.written, answer);
        }
        return owed;
    }

    /** Whether it is seen of all who may take from {@code request} that they do. */
    private static boolean isHeard(TrackedObject request, FdTable mine) {
        for (int i = 0; i < request.holdingCount(); i++) {
            Holding holding = request.holding(i);
            for (int j = 0; holding.table != mine && holding.readers > 0 && j < holding.table.owners().size(); j++) {
                if (!holding.table.owners().get(j).isHeard()) {
                    return false;
                }
            }
        }
        return true;
    }
}
