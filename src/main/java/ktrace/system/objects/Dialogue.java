package ktrace.system.objects;

import ktrace.event.ObjectKind;
import ktrace.event.SocketNames;
import ktrace.event.TraceEvent.Expects;

/**
 * Who of two that are connected owes the other something, by what they send and take: what one end does. One that asks is owed an
 * answer from when it has sent until it takes something; one that answers waits for work whenever it waits to read. Which of them
 * asks is known by connect(2) and accept(2), by the port of a server, or else taken to be the one that is seen to send first.
 *
 * <pre>
 *   connect  send ──────────► ├── recv: ANSWER ──┤ take       recv: nothing asked, WORK ─ ─
 *   accept        take ─ compute ─ send ├── recv: WORK ─ ─
 * </pre>
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
        TrackedObject other = socket.otherEnd();
        if (other != null && other.dialogue != UNKNOWN && !socket.isOneWay()) {
            return other.dialogue == ASKS ? ANSWERS : ASKS;
        }
        int local = socket.kind() == ObjectKind.TCP ? SocketNames.localPort(socket.object) : -1;
        int remote = local < 0 ? -1 : SocketNames.remotePort(socket.object);
        if (remote >= 0 && local >= FIRST_PASSING != remote >= FIRST_PASSING) {
            return local >= FIRST_PASSING ? ASKS : ANSWERS;
        }
        return way == Way.WRITE ? ASKS : ANSWERS;
    }

    /** What whoever waits to read from it may expect. */
    public static Expects ofReader(TrackedObject object) {
        if (!object.listening && (!isConnection(object) || object.dialogue == UNKNOWN)) {
            return Expects.UNKNOWN;
        }
        return object.asked ? Expects.ANSWER : Expects.WORK;
    }
}
