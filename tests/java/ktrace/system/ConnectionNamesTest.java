package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that are over before anybody can look up what they are called: the kernel tells their addresses. */
class ConnectionNamesTest {
    private static final int CLIENT = 100;
    private static final int SERVER = 200;
    private static final int SOFTIRQ = TraceEvent.FLAG_SOFT_INTERRUPT;
    private static final long CLIENT_SOCKET = 0xffff888000001000L;
    private static final long SERVER_SOCKET = 0xffff888000002000L;
    private static final int ESTABLISHED = 1;
    private static final int SYN_SENT = 2;
    private static final int SYN_RECV = 3;
    private static final int CLOSE = 7;
    private static final int CLOSE_WAIT = 8;
    private static final int LAST_ACK = 9;
    private static final int LISTEN = 10;

    private final Timeline line = Timeline.of(CLIENT, SERVER);

    @BeforeEach
    void listen() {
        line.call(SERVER, "socket", 3, 2, 1, 0);
        line.enter(SERVER, "listen", 3);
        state(SERVER, 0, SERVER_SOCKET - 8, CLOSE, LISTEN, 80, 0);
        line.exit(SERVER, "listen", 0);
    }

    private void state(int tid, int contextFlags, long socket, int from, int to, int localPort, int remotePort) {
        line.event.contextFlags = contextFlags;
        line.event.arg0 = socket;
        line.event.result = from;
        line.event.number = to;
        line.event.arg1 = (long) localPort << 16 | remotePort;
        line.event.arg2 = 0;
        line.event.arg3 = 0xffff_7f00_0001L;
        line.event.arg4 = 0;
        line.event.arg5 = remotePort == 0 ? 0xffff_0000_0000L : 0xffff_7f00_0001L;
        line.push(EventType.INET_SOCK_SET_STATE, tid, tid, null);
        line.event.contextFlags = 0;
    }

    private void connects() {
        line.call(CLIENT, "socket", 5, 2, 1, 0);
        line.enter(CLIENT, "connect", 5, 0x7000, 16);
        state(CLIENT, 0, CLIENT_SOCKET, CLOSE, SYN_SENT, 0, 80);
        state(CLIENT, SOFTIRQ, CLIENT_SOCKET, SYN_SENT, ESTABLISHED, 5001, 80);
        state(CLIENT, SOFTIRQ, SERVER_SOCKET, SYN_RECV, ESTABLISHED, 80, 5001);
    }

    @Test
    void whatListensIsCalledByItsAddress() {
        assertEquals("tcp 127.0.0.1:80", line.blocks(SERVER, "accept", 3));
    }

    @Test
    void whoConnectsIsCalledByBothAddresses() {
        connects();
        line.exit(CLIENT, "connect", 0);
        assertEquals("tcp 127.0.0.1:5001→127.0.0.1:80", line.blocks(CLIENT, "read", 5));
    }

    /** In the interrupt that brings an address anybody may be current, in whatever call. */
    @Test
    void anAddressGoesToTheSocketThatConnectsAndToNoOther() {
        line.call(CLIENT, "socket", 5, 2, 1, 0);
        line.enter(CLIENT, "connect", 5, 0x7000, 16);
        state(CLIENT, 0, CLIENT_SOCKET, CLOSE, SYN_SENT, 0, 80);
        line.call(SERVER, "socket", 6, 2, 1, 0);
        line.enter(SERVER, "connect", 6, 0x7000, 16);
        state(SERVER, SOFTIRQ, CLIENT_SOCKET, SYN_SENT, ESTABLISHED, 5001, 80);
        line.exit(SERVER, "connect", 0);
        line.exit(CLIENT, "connect", 0);
        assertEquals("tcp", line.blocks(SERVER, "read", 6));
        assertEquals("tcp 127.0.0.1:5001→127.0.0.1:80", line.blocks(CLIENT, "read", 5));
    }

    @Test
    void aConnectionThatWasNotMadeGivesItsPlaceToAnother() {
        line.call(CLIENT, "socket", 5, 2, 1, 0);
        line.enter(CLIENT, "connect", 5, 0x7000, 16);
        state(CLIENT, 0, CLIENT_SOCKET, CLOSE, SYN_SENT, 0, 80);
        state(CLIENT, SOFTIRQ, CLIENT_SOCKET, SYN_SENT, CLOSE, 5001, 80);
        line.exit(CLIENT, "connect", -111);
        state(SERVER, SOFTIRQ, CLIENT_SOCKET, SYN_RECV, ESTABLISHED, 80, 6001);
        assertEquals("tcp", line.blocks(CLIENT, "read", 5));
    }

    @Test
    void whoWaitedToAcceptGetsTheOtherEndOfWhatWokeIt() {
        line.blocks(SERVER, "accept", 3);
        connects();
        assertEquals("object | p100(100) | - | -", line.wakesIn(SOFTIRQ, CLIENT, CLIENT, SERVER));
        line.exit(CLIENT, "connect", 0);
        line.exit(SERVER, "accept", 4);
        assertEquals("tcp 127.0.0.1:80→127.0.0.1:5001 | p100(100)", line.blocks(SERVER, "read", 4));
        line.enter(CLIENT, "close", 5);
        assertEquals("object | p100(100) | - | -", line.wakesIn(SOFTIRQ, CLIENT, CLIENT, SERVER));
    }

    /** What was stamped before says by then what it was about. */
    @Test
    void whatWasAcceptedIsCalledByItsAddressesWhenItIsClosed() {
        connects();
        line.exit(CLIENT, "connect", 0);
        line.call(SERVER, "accept", 4, 3);
        assertEquals("tcp", line.blocks(SERVER, "read", 4));
        KernelObject waited = line.event.object;
        state(CLIENT, SOFTIRQ, SERVER_SOCKET, ESTABLISHED, CLOSE_WAIT, 80, 5001);
        line.exit(SERVER, "read", 0);
        line.enter(SERVER, "close", 4);
        state(SERVER, 0, SERVER_SOCKET, CLOSE_WAIT, LAST_ACK, 80, 5001);
        line.exit(SERVER, "close", 0);
        assertEquals("tcp 127.0.0.1:80→127.0.0.1:5001", waited.name());
    }

    /** A reset closes it in an interrupt, where nothing says which descriptor that is; its owner's close(2) then tells nothing new. */
    @Test
    void whatIsResetIsCalledByTheAddressesOfItsOtherEnd() {
        connects();
        line.exit(CLIENT, "connect", 0);
        line.call(SERVER, "accept", 4, 3);
        assertEquals("tcp", line.blocks(SERVER, "read", 4));
        KernelObject waited = line.event.object;
        line.enter(CLIENT, "close", 5);
        assertEquals("object | p100(100) | tcp 127.0.0.1:80→127.0.0.1:5001 | -",
                line.wakesIn(SOFTIRQ, CLIENT, CLIENT, SERVER));
        assertEquals("tcp 127.0.0.1:80→127.0.0.1:5001", waited.name());
    }

    /** It may be one end of what the client is at work on, or of something else that has come from the network. */
    @Test
    void whatWakesFromAnInterruptAmidAReadGivesNoName() {
        connects();
        line.exit(CLIENT, "connect", 0);
        line.call(SERVER, "accept", 4, 3);
        line.blocks(SERVER, "read", 4);
        KernelObject waited = line.event.object;
        line.enter(CLIENT, "read", 5);
        line.wakesIn(SOFTIRQ, CLIENT, CLIENT, SERVER);
        assertEquals("tcp", waited.name());
    }

    /** Closing what listens closes what nobody has accepted. */
    @Test
    void whatWasNeverAcceptedIsNotWhatListened() {
        line.blocks(SERVER, "accept", 3);
        KernelObject waited = line.event.object;
        line.exit(SERVER, "accept", -4);
        line.enter(SERVER, "close", 3);
        state(SERVER, 0, SERVER_SOCKET, ESTABLISHED, CLOSE, 80, 5001);
        assertEquals("tcp 127.0.0.1:80", waited.name());
    }

    /** The answer is about what bore the number before. */
    @Test
    void anAnswerThatNamesOtherAddressesIsAboutAnotherSocket() {
        connects();
        line.exit(CLIENT, "connect", 0);
        line.fd(CLIENT, 5, ObjectKind.TCP, "tcp 127.0.0.1:5000→127.0.0.1:80", 30, Timeline.O_RDWR, 0);
        line.call(CLIENT, "socket", 5, 2, 1, 0);
        line.enter(CLIENT, "connect", 5, 0x7000, 16);
        state(CLIENT, 0, CLIENT_SOCKET, CLOSE, SYN_SENT, 0, 80);
        state(CLIENT, SOFTIRQ, CLIENT_SOCKET, SYN_SENT, ESTABLISHED, 5002, 80);
        line.exit(CLIENT, "connect", 0);
        line.push(EventType.FACT, 0, -1, new Fact.OfDescriptor(CLIENT, 5, new FdSnapshot(CLIENT, 5,
                new KernelObject(ObjectKind.TCP, "tcp 127.0.0.1:5001→127.0.0.1:80", 31), 2, 0, List.of())));
        assertEquals("tcp 127.0.0.1:5002→127.0.0.1:80", line.blocks(CLIENT, "read", 5));
        line.exit(CLIENT, "read", 1);
        line.push(EventType.FACT, 0, -1, new Fact.OfDescriptor(CLIENT, 5, new FdSnapshot(CLIENT, 5,
                new KernelObject(ObjectKind.TCP, "tcp 127.0.0.1:5002→127.0.0.1:80 (net:[5])", 32), 2, 0, List.of())));
        assertEquals("tcp 127.0.0.1:5002→127.0.0.1:80 (net:[5])", line.blocks(CLIENT, "read", 5));
    }

    @Test
    void twoConnectionsAreNotEachOthersEnds() {
        line.fd(SERVER, 7, ObjectKind.TCP, "tcp 127.0.0.1:81→127.0.0.1:7000", 40, Timeline.O_RDWR, 0);
        connects();
        line.exit(CLIENT, "connect", 0);
        line.blocks(SERVER, "read", 7);
        line.enter(CLIENT, "write", 5);
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, CLIENT, CLIENT, SERVER));
    }
}
