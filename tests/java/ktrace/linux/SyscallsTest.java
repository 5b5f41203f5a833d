package ktrace.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SyscallsTest {
    @Test
    void numbersOfOneself() {
        assertEquals(ProcessHandle.current().pid(), Processes.getpid());
        int here = Processes.gettid();
        assertNotEquals(here, CompletableFuture.supplyAsync(Processes::gettid).join());
        assertEquals(0, Processes.kill(Processes.getpid(), 0));
        assertEquals(-Uapi.ESRCH(), Processes.kill(Integer.MAX_VALUE, 0));
    }

    @Test
    void anEventfdEndsAPollAndIsDrained() {
        try (FileDescriptor eventfd = Syscalls.eventfd(); Arena arena = Arena.ofConfined()) {
            MemorySegment pollfds = arena.allocate(8, 8);
            MemorySegment scratch = arena.allocate(8, 8);
            MemorySegment now = arena.allocate(16, 8);
            Syscalls.setPollfd(pollfds, 0, eventfd.number(), Uapi.POLLIN());
            assertEquals(0, Syscalls.poll(pollfds, 1, now));
            Syscalls.raise(eventfd);
            Syscalls.raise(eventfd);
            assertEquals(1, Syscalls.poll(pollfds, 1, MemorySegment.NULL));
            assertEquals(Uapi.POLLIN(), pollfds.get(ValueLayout.JAVA_SHORT, 6));
            Syscalls.drain(eventfd, scratch);
            assertEquals(0, Syscalls.poll(pollfds, 1, now));
            Syscalls.drain(eventfd, scratch);
            Syscalls.raise(eventfd);
            Syscalls.read(eventfd, scratch, 8, "read an eventfd");
            assertEquals(1, scratch.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    @Test
    void aFailureNamesCallReasonAndWhatWasTried() {
        try (FileDescriptor eventfd = Syscalls.eventfd(); Arena arena = Arena.ofConfined()) {
            MemorySegment scratch = arena.allocate(8, 8);
            SyscallException e = assertThrows(SyscallException.class,
                    () -> Syscalls.read(eventfd, scratch, 8, "read nothing"));
            assertEquals("read", e.call());
            assertEquals(Uapi.EAGAIN(), e.errno());
            assertTrue(e.getMessage().startsWith("cannot read nothing: read: EAGAIN"), e.getMessage());
            assertThrows(SyscallException.class, () -> Syscalls.ioctl(eventfd, Uapi.PERF_EVENT_IOC_ENABLE(), 0, "enable it"));
            String hint = assertThrows(SyscallException.class, () -> Syscalls.map(eventfd, 4096, "map it", "try less"))
                    .getMessage();
            assertTrue(hint.endsWith("; try less"), hint);
        }
    }

    @Test
    void aDescriptorIsClosedOnce() {
        FileDescriptor first = Syscalls.eventfd();
        int number = first.number();
        first.close();
        try (FileDescriptor second = Syscalls.eventfd(); Arena arena = Arena.ofConfined()) {
            assertEquals(number, second.number(), "the lowest free number is given out again");
            first.close();
            Syscalls.raise(second);
            MemorySegment count = arena.allocate(8, 8);
            Syscalls.read(second, count, 8, "read it");
            assertEquals(1, count.get(ValueLayout.JAVA_LONG, 0));
        }
        assertThrows(IllegalStateException.class, first::number);
    }

    @Test
    void limitsAreReadAndSet() {
        Processes.Limit files = Processes.limit(0, Uapi.RLIMIT_NOFILE());
        assertTrue(files.soft() != 0 && Long.compareUnsigned(files.soft(), files.hard()) <= 0);
        assertEquals(0, Processes.setLimit(0, Uapi.RLIMIT_NOFILE(), files));
        assertEquals(files, Processes.limit(0, Uapi.RLIMIT_NOFILE()));
        assertFalse(Syscalls.isTerminal(-1));
    }
}
