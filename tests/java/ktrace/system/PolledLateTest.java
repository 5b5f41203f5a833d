package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import ktrace.facts.NoSource;
import ktrace.facts.Question.Urgency;
import org.junit.jupiter.api.Test;

/** Sockets that nobody had asked about when a thread began to poll them: who is at their other end is asked before it is woken. */
class PolledLateTest {
    private static final int SERVER = 100;
    private static final int ACCEPTS = 101;
    private static final int CLIENT = 200;
    private static final String SERVERS = "tcp 127.0.0.1:80→127.0.0.1:9";
    private static final String CLIENTS = "tcp 127.0.0.1:9→127.0.0.1:80";
    /** What ended a poll is a guess until the next call. */
    private static final String BY_CLIENT = "object | p200(200) | " + SERVERS + "%s | p200(200)";

    private final Timeline line = Timeline.of(new NoSource() {
        @Override
        public FdSnapshot fd(int tgid, int fd) {
            return tgid == SERVER && fd == 7
                    ? new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.TCP, SERVERS, 8), Timeline.O_RDWR, 9, List.of())
                    : null;
        }
    }, SERVER, CLIENT);

    /** The other thread of the server accepts while the first waits. */
    private void accepts() {
        line.thread(ACCEPTS, SERVER);
        line.call(ACCEPTS, "accept", 7, 3);
    }

    private void sockets() {
        line.fd(SERVER, 3, ObjectKind.TCP, "tcp 127.0.0.1:80", 5, Timeline.O_RDWR, FdSnapshot.LISTENING);
        line.fd(CLIENT, 6, ObjectKind.TCP, CLIENTS, 9, Timeline.O_RDWR, 8);
    }

    private String clientWrites() {
        line.asked.clear();
        line.enter(CLIENT, "write", 6, 0, 8);
        return line.wakesIn(TraceEvent.FLAG_SOFT_INTERRUPT, CLIENT, CLIENT, SERVER);
    }

    @Test
    void inPoll() {
        sockets();
        line.blocks(SERVER, "poll", 0x1000, 1, -1);
        accepts();
        assertEquals(BY_CLIENT.formatted("?"), clientWrites());
        assertTrue(line.asked.contains(Urgency.NOW));
        line.blocks(SERVER, "poll", 0x1000, 1, -1);
        assertEquals(BY_CLIENT.formatted("?"), clientWrites());
        assertFalse(line.asked.contains(Urgency.NOW), "it is known");
    }

    @Test
    void inEpoll() {
        sockets();
        line.call(SERVER, "epoll_create1", 4, 0);
        line.blocks(SERVER, "epoll_wait", 4, 0x1000, 8, -1);
        accepts();
        line.call(ACCEPTS, "epoll_ctl", 0, 4, 1, 7, 0x2000);
        assertEquals(BY_CLIENT.formatted(""), clientWrites());
    }
}
