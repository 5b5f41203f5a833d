package ktrace.facts.live;

import java.io.BufferedReader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.SocketNames;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounters;
import ktrace.facts.ObjectSource;
import ktrace.linux.Processes;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads real descriptors of a real process that says what it has. */
@Tag("kernel")
class LiveSourceTest {
    private static final String HOLDER = """
            import ctypes, os, select, socket, sys, tempfile
            libc = ctypes.CDLL(None, use_errno=True)
            def say(name, *fds): print(name, *fds)
            r, w = os.pipe(); say('pipe', r, w)
            a, b = socket.socketpair(); say('unixpair', a.fileno(), b.fileno())
            d = tempfile.mkdtemp()
            ul = socket.socket(socket.AF_UNIX); ul.bind(d + '/x.sock'); ul.listen(1)
            uc = socket.socket(socket.AF_UNIX); uc.connect(d + '/x.sock'); ua, _ = ul.accept()
            say('unix', ul.fileno(), uc.fileno(), ua.fileno())
            tl = socket.socket(); tl.bind(('127.0.0.1', 0)); tl.listen(1)
            tc = socket.create_connection(tl.getsockname()); ta, _ = tl.accept()
            say('tcp', tl.fileno(), tc.fileno(), ta.fileno(), *[tl.getsockname()[1], tc.getsockname()[1]])
            t6 = socket.socket(socket.AF_INET6); t6.bind(('::1', 0)); t6.listen(1)
            c6 = socket.create_connection(t6.getsockname()[:2]); a6, _ = t6.accept()
            say('tcp6', c6.fileno(), a6.fileno())
            td = socket.create_server(('::', 0), family=socket.AF_INET6, dualstack_ipv6=True)
            cd = socket.create_connection(('127.0.0.1', td.getsockname()[1])); ad, _ = td.accept()
            say('dual', cd.fileno(), ad.fileno())
            u1 = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u1.bind(('127.0.0.1', 0))
            say('udp', u1.fileno())
            fresh = socket.socket(); say('fresh', fresh.fileno())
            n = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0); n.bind((0, 0)); say('netlink', n.fileno())
            say('eventfd', libc.eventfd(0, 0))
            ep = select.epoll(); ep.register(r, select.EPOLLIN); ep.register(ta.fileno(), select.EPOLLIN)
            say('epoll', ep.fileno(), r, ta.fileno())
            say('timerfd', libc.timerfd_create(1, 0))
            say('inotify', libc.inotify_init())
            say('fanotify', libc.fanotify_init(4, 0)); say('userfaultfd', libc.syscall(323, 1))
            say('fuse', os.open('/dev/fuse', os.O_RDWR)) if os.path.exists('/dev/fuse') else None
            sigs = ctypes.create_string_buffer(128); say('signalfd', libc.signalfd(-1, sigs, 0))
            say('pidfd', libc.syscall(434, os.getpid(), 0))
            os.mkfifo(d + '/fifo'); say('fifo', os.open(d + '/fifo', os.O_RDWR))
            m, s = os.openpty(); say('pty', m, s)
            say('mqueue', libc.mq_open(('/ktrace-%d' % os.getpid()).encode(), os.O_CREAT | os.O_RDWR, 0o600, None))
            libc.mq_unlink(('/ktrace-%d' % os.getpid()).encode())
            say('file', os.open('/etc/passwd', os.O_RDONLY)); say('null', os.open('/dev/null', os.O_RDWR))
            waits = socket.create_server(('127.0.0.1', 0)); caller = socket.create_connection(waits.getsockname())
            say('queued', waits.fileno(), caller.fileno())
            wild = socket.create_server(('', 0), family=socket.AF_INET6, dualstack_ipv6=True)
            caller4 = socket.create_connection(('127.0.0.1', wild.getsockname()[1]))
            say('wild', wild.fileno(), caller4.fileno())
            twins = [socket.socket() for _ in range(2)]
            for twin in twins:
                twin.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                twin.bind(twins[0].getsockname() if twin is not twins[0] else ('127.0.0.1', 0)); twin.listen()
            either = socket.create_connection(twins[0].getsockname()); say('twins', either.fileno())
            gone = socket.create_server(('127.0.0.1', 0)); left = socket.create_connection(gone.getsockname())
            gone.accept()[0].close(); say('left', left.fileno())
            print('.', flush=True)
            sys.stdin.readline()
            """;

    private Process holder;
    private int pid;
    private final Map<String, List<Integer>> said = new HashMap<>();
    private final LiveSource source = new LiveSource(Processes.getpid());

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Processes.geteuid() == 0, "needs root to read other processes' descriptors");
        holder = new ProcessBuilder("python3", "-c", HOLDER).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        pid = (int) holder.pid();
        BufferedReader reader = holder.inputReader();
        for (String line = reader.readLine(); line != null && !line.equals("."); line = reader.readLine()) {
            String[] words = line.split(" ");
            List<Integer> numbers = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                numbers.add(Integer.parseInt(words[i]));
            }
            said.put(words[0], numbers);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (holder != null) {
            holder.destroyForcibly().waitFor();
        }
        source.close();
    }

    private FdSnapshot fd(String name, int index) {
        FdSnapshot snapshot = source.fd(pid, said.get(name).get(index));
        assertNotNull(snapshot, name);
        return snapshot;
    }

    private void is(ObjectKind kind, String pattern, String name, int index) {
        FdSnapshot snapshot = fd(name, index);
        assertEquals(kind, snapshot.object().kind(), name);
        assertTrue(snapshot.object().name().matches(pattern), snapshot.object().name());
    }

    @Test
    void kindsAndNamesAreThoseOfTheKernel() {
        is(ObjectKind.PIPE, "pipe:\\[\\d+]", "pipe", 0);
        is(ObjectKind.EVENTFD, "eventfd:\\[\\d+]", "eventfd", 0);
        is(ObjectKind.TIMERFD, "timerfd fd \\d+", "timerfd", 0);
        is(ObjectKind.INOTIFY, "inotify fd \\d+", "inotify", 0);
        is(ObjectKind.FANOTIFY, "fanotify fd \\d+", "fanotify", 0);
        is(ObjectKind.USERFAULT, "userfaultfd fd \\d+", "userfaultfd", 0);
        if (said.containsKey("fuse")) {
            is(ObjectKind.FUSE, "/dev/fuse", "fuse", 0);
        }
        is(ObjectKind.SIGNALFD, "signalfd fd \\d+", "signalfd", 0);
        is(ObjectKind.CHILD, "child " + pid, "pidfd", 0);
        is(ObjectKind.FIFO, "/.*/fifo", "fifo", 0);
        is(ObjectKind.TTY, "/dev/ptmx \\d+", "pty", 0);
        is(ObjectKind.TTY, "/dev/pts/\\d+", "pty", 1);
        is(ObjectKind.MQUEUE, "/ktrace-" + pid + ".*", "mqueue", 0);
        is(ObjectKind.DISK, "/etc/passwd", "file", 0);
        is(ObjectKind.OTHER, "/dev/null", "null", 0);
        is(ObjectKind.NETLINK, "netlink:\\[\\d+]", "netlink", 0);
        is(ObjectKind.UDP, "udp 127.0.0.1:\\d+", "udp", 0);
        is(ObjectKind.OTHER, "socket:\\[\\d+]", "fresh", 0);
    }

    @Test
    void bothEndsOfAPipeAreOneObjectOpenedDifferently() {
        assertEquals(fd("pipe", 0).object().key(), fd("pipe", 1).object().key());
        assertEquals(0, fd("pipe", 0).flags() & 3);
        assertEquals(1, fd("pipe", 1).flags() & 3);
    }

    @Test
    void unixSocketsKnowTheirPeers() {
        assertEquals(fd("unixpair", 1).object().key(), fd("unixpair", 0).peerKey());
        assertEquals(fd("unixpair", 0).object().key(), fd("unixpair", 1).peerKey());
        assertEquals(FdSnapshot.LISTENING, fd("unix", 0).peerKey());
        assertEquals(fd("unix", 2).object().key(), fd("unix", 1).peerKey());
        is(ObjectKind.UNIX, "unix /.*/x\\.sock", "unix", 2);
        is(ObjectKind.UNIX, "unix:\\[\\d+]", "unix", 1);
    }

    @Test
    void tcpSocketsKnowTheMirroredOne() {
        int serverPort = said.get("tcp").get(3);
        int clientPort = said.get("tcp").get(4);
        assertEquals("tcp 127.0.0.1:" + serverPort, fd("tcp", 0).object().name());
        assertEquals(FdSnapshot.LISTENING, fd("tcp", 0).peerKey());
        assertEquals("tcp 127.0.0.1:" + clientPort + "→127.0.0.1:" + serverPort, fd("tcp", 1).object().name());
        assertEquals(fd("tcp", 2).object().name(), SocketNames.mirror(fd("tcp", 1).object()));
        assertEquals(fd("tcp", 2).object().key(), fd("tcp", 1).peerKey());
        is(ObjectKind.TCP, "tcp \\[::1]:\\d+→\\[::1]:\\d+", "tcp6", 0);
        assertEquals(fd("tcp6", 1).object().key(), fd("tcp6", 0).peerKey());
        is(ObjectKind.TCP, "tcp 127.0.0.1:\\d+→127.0.0.1:\\d+", "dual", 1);
        assertEquals(fd("dual", 1).object().key(), fd("dual", 0).peerKey());
        assertEquals(fd("dual", 0).object().key(), fd("dual", 1).peerKey());
    }

    /** What nobody has accepted has no inode, and belongs to whoever listens; what its other end has closed has none either. */
    @Test
    void whatWaitsToBeAcceptedWaitsAtTheSocketThatListens() {
        assertEquals(FdSnapshot.oneWay(fd("queued", 0).object().key()), fd("queued", 1).peerKey());
        assertEquals(FdSnapshot.oneWay(fd("wild", 0).object().key()), fd("wild", 1).peerKey());
        assertEquals(0, fd("twins", 0).peerKey(), "two listen there");
        assertEquals(0, fd("left", 0).peerKey(), "what was closed is in nobody's queue");
    }

    @Test
    void terminalsKnowTheirOtherSide() {
        assertEquals(fd("pty", 1).object().key(), fd("pty", 0).peerKey());
        assertEquals(fd("pty", 0).object().key(), fd("pty", 1).peerKey());
    }

    @Test
    void anEpollSetKnowsItsMembers() {
        List<Integer> epoll = said.get("epoll");
        assertEquals(Set.of(epoll.get(1), epoll.get(2)), Set.copyOf(fd("epoll", 0).watched()));
    }

    @Test
    void socketsOfAnotherNetworkNamespaceAreAskedForThere() throws IOException, InterruptedException {
        String program = """
                import socket, sys
                a, b = socket.socketpair()
                t = socket.socket(); t.bind(('0.0.0.0', 8080)); t.listen(1)
                print(a.fileno(), b.fileno(), t.fileno(), flush=True); sys.stdin.readline()
                """;
        Process other = new ProcessBuilder("unshare", "--net", "python3", "-c", program).start();
        try {
            String[] fds = other.inputReader().readLine().split(" ");
            int otherPid = (int) other.pid();
            FdSnapshot one = source.fd(otherPid, Integer.parseInt(fds[0]));
            FdSnapshot two = source.fd(otherPid, Integer.parseInt(fds[1]));
            assertEquals(two.object().key(), one.peerKey());
            assertEquals(one.object().key(), two.peerKey());
            FdSnapshot listening = source.fd(otherPid, Integer.parseInt(fds[2]));
            assertTrue(listening.object().name().matches("tcp 0\\.0\\.0\\.0:8080 \\(net:\\[\\d+]\\)"), listening.object().name());
            assertEquals(FdSnapshot.LISTENING, listening.peerKey());
            // ktrace itself has stayed where it was.
            assertEquals(FdSnapshot.LISTENING, fd("tcp", 0).peerKey());
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void manyThreadsAndDescriptorsAreToldOfInLittleTime() throws IOException, InterruptedException {
        Process many = new ProcessBuilder("target/workloads/manythreads", "500", "2000").start();
        try {
            assertTrue(many.inputReader().readLine().contains("ready"));
            int[] told = new int[2];
            long startNs = System.nanoTime();
            try (StateDump dump = new StateDump(1, new TraceCounters())) {
                dump.dump(List.of((int) many.pid()), (type, timeNs, tid, payload) -> {
                    told[0] += type == EventType.THREAD_STATE ? 1 : 0;
                    told[1] += type == EventType.FD_STATE ? 1 : 0;
                });
            }
            long tookMs = (System.nanoTime() - startNs) / 1_000_000;
            assertTrue(told[0] >= 500 && told[1] >= 2000, told[0] + " threads, " + told[1] + " descriptors");
            assertTrue(tookMs < 1500, tookMs + " ms");
        } finally {
            many.destroyForcibly().waitFor();
        }
    }

    @Test
    void aKernelThreadIsInNoCall() {
        ThreadSnapshot kthreadd = new ProcFs("/proc").thread(2, 2);
        assertEquals("kthreadd", kthreadd.comm());
        assertEquals(ThreadSnapshot.SYSCALL_UNKNOWN, kthreadd.syscall());
    }

    @Test
    void whereAThreadSleepsIsTold() throws InterruptedException {
        Thread.sleep(200);
        ObjectSource.Sleeper sleeper = source.sleeper(pid, pid);
        assertEquals('S', sleeper.thread().state());
        assertEquals("read", SyscallTable.current().name(sleeper.thread().syscall()));
        assertTrue(sleeper.function().isEmpty() || sleeper.function().contains("read"), sleeper.function());
        assertEquals(null, source.sleeper(Processes.getpid(), Processes.gettid()), "it runs");
        assertEquals(null, source.sleeper(999_999_999, 1));
    }

    @Test
    void whatIsGoneIsNull() throws InterruptedException {
        assertEquals(null, source.fd(pid, 9999));
        holder.destroyForcibly().waitFor();
        assertEquals(null, source.fd(pid, 0));
        assertEquals(List.of(), source.fds(pid));
        assertEquals(null, source.process(pid));
        assertEquals(null, source.mapping(pid, 0));
    }

    @Test
    void theDumpTellsProcessThreadAndDescriptorsAndWhoHoldsTheOtherEnds() throws InterruptedException {
        ProcFs proc = new ProcFs("/proc");
        for (int i = 0; i < 500 && proc.thread(pid, pid).state() != 'S'; i++) {
            Thread.sleep(10);
        }
        List<String> order = new ArrayList<>();
        List<FdSnapshot> ofOthers = new ArrayList<>();
        List<Object> payloads = new ArrayList<>();
        try (StateDump dump = new StateDump(1, new TraceCounters())) {
            dump.dump(List.of(pid, 999_999_999), (type, timeNs, tid, payload) -> {
                if (order.isEmpty() || !order.getLast().equals(type.name())) {
                    order.add(type.name());
                }
                payloads.add(payload);
                if (payload instanceof FdSnapshot snapshot && snapshot.tgid() != pid) {
                    ofOthers.add(snapshot);
                }
            });
        }
        assertEquals(List.of(EventType.PROCESS_STATE.name(), EventType.FD_STATE.name(), EventType.THREAD_STATE.name(),
                EventType.FD_STATE.name()), order, "what the thread is at comes before it");
        ProcessSnapshot process = (ProcessSnapshot) payloads.getFirst();
        assertEquals(Processes.getpid(), process.ppid());
        assertTrue(process.cmdline().contains(" -c import ctypes"), process.cmdline());
        ThreadSnapshot thread = (ThreadSnapshot) payloads.get(2);
        assertEquals('S', thread.state());
        assertEquals("read", SyscallTable.current().name(thread.syscall()));
        assertEquals(0, thread.args()[0]);
        // The test itself holds the other ends of the child's standard streams.
        assertTrue(ofOthers.stream().anyMatch(s -> s.tgid() == Processes.getpid() && s.object().kind() == ObjectKind.PIPE),
        ofOthers.toString());
    }
}
