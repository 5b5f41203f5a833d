package ktrace.facts.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.linux.Processes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reads a process whose first thread has ended while another goes on: /proc/PID tells of no files and no memory then. */
@Tag("kernel")
class LeaderlessTest {
    /** Tells of a listening socket and of a text in its memory, once its first thread is a zombie. */
    private static final String PROGRAM = """
            import ctypes, os, socket, sys, threading
            server = socket.create_server(('127.0.0.1', 0))
            text = ctypes.create_string_buffer(b'/a/path')
            def rest():
                while ' Z ' not in open('/proc/self/stat').read():
                    pass
                print(os.getpid(), server.fileno(), ctypes.addressof(text), flush=True)
                sys.stdin.readline()
            threading.Thread(target=rest).start()
            ctypes.CDLL(None).syscall(60, 0)
            """;

    private final ProcFs proc = new ProcFs("/proc");
    private final LiveSource source = new LiveSource(Processes.getpid());
    private Process process;
    private int pid;
    private int fd;
    private long address;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Processes.geteuid() == 0, "needs root to read other processes' descriptors");
        process = new ProcessBuilder("python3", "-c", PROGRAM).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String[] told = process.inputReader().readLine().split(" ");
        pid = Integer.parseInt(told[0]);
        fd = Integer.parseInt(told[1]);
        address = Long.parseLong(told[2]);
        assertEquals('Z', proc.stat(pid).state());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        source.close();
    }

    @Test
    void itsDescriptorsAreThoseOfTheOtherThreads() {
        FdSnapshot listening = source.fd(pid, fd);
        assertNotNull(listening);
        assertEquals(FdSnapshot.LISTENING, listening.peerKey());
        assertTrue(source.fds(pid).stream().anyMatch(told -> told.fd() == fd));
        List<FdSnapshot> holders = source.holders(List.of(new KernelObject(ObjectKind.TCP, "", listening.object().key())));
        assertEquals(List.of(pid), holders.stream().map(FdSnapshot::tgid).toList());
    }

    @Test
    void soIsItsMemory() {
        assertEquals("/a/path", proc.string(pid, address));
        assertNotNull(proc.mapping(pid, address));
        assertTrue(proc.cmdline(pid).contains("python3 -c"), proc.cmdline(pid));
    }

    @Test
    void itGoesOn() {
        assertTrue(new Liveness().isAlive(pid));
        assertTrue(new ProcessList("/proc", Processes.getpid()).descendants(List.of(Processes.getpid())).contains(pid));
    }
}
