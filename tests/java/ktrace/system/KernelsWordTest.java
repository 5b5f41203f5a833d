package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.ObjectKind;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** What the kernel itself fills is filled by whoever makes a call that has it do so. */
class KernelsWordTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int SOFTIRQ = TraceEvent.FLAG_SOFT_INTERRUPT;

    private final Timeline line = Timeline.of(A, B);

    private String wokenBy(String call, long... args) {
        line.enter(B, call, args);
        return line.wakes(B, A).substring(0, 8).trim();
    }

    @Test
    void whoseCallHasTheKernelSaySomethingIsTheWaker() {
        line.fd(A, 3, ObjectKind.NETLINK, "netlink:[10]", 10, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.DISK, "/sys/class/mem/null/uevent", 20, Timeline.O_WRONLY);
        line.blocks(A, "recvfrom", 3);
        assertEquals("object |", wokenBy("write", 4));
        assertEquals("object |", wokenBy("ioctl", 5, 0x8916));
        assertEquals("waker |", wokenBy("kill", A, 10));
        assertEquals("waker |", wokenBy("exit_group"));
        line.enter(B, "write", 4);
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, B, B, A));
    }

    @Test
    void whoWaitsForSeveralMayHaveBeenWokenThroughAnother() {
        line.fd(A, 3, ObjectKind.NETLINK, "netlink:[10]", 10, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.DISK, "/f", 20, Timeline.O_WRONLY);
        line.call(A, "epoll_create1", 9, 0);
        line.call(A, "epoll_ctl", 0, 9, 1, 3);
        line.blocks(A, "epoll_wait", 9, 0, 8, -1);
        assertEquals("waker |", wokenBy("write", 4));
    }

    @Test
    void aTunnelIsFilledByWhoSendsThroughItsInterface() {
        line.fd(A, 3, ObjectKind.TUN, "/dev/net/tun fd 3", 0, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.UDP, "udp 10.0.0.1:5001→10.0.0.2:9", 30, Timeline.O_RDWR, 0);
        assertEquals("/dev/net/tun fd 3", line.blocks(A, "read", 3));
        assertEquals("object |", wokenBy("sendto", 4));
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, B, B, A));
    }

    /** Only what is sent on this machine passes the loopback interface. */
    @Test
    void aPacketOfTheLoopbackInterfaceIsTheSenders() {
        line.fd(A, 3, ObjectKind.PACKET, "packet lo:[40]", 40, Timeline.O_RDWR);
        line.fd(A, 5, ObjectKind.PACKET, "packet:[41]", 41, Timeline.O_RDWR);
        line.fd(B, 4, ObjectKind.UDP, "udp 127.0.0.1:5001→127.0.0.1:9", 30, Timeline.O_RDWR, 0);
        line.blocks(A, "recvfrom", 3);
        line.enter(B, "sendto", 4);
        assertEquals("object | p200(200) | - | -", line.wakesIn(SOFTIRQ, B, B, A));
        line.exit(A, "recvfrom", 1);
        line.blocks(A, "recvfrom", 5);
        line.enter(B, "sendto", 4);
        assertEquals("interrupt | - | - | -", line.wakesIn(SOFTIRQ, B, B, A));
    }
}
