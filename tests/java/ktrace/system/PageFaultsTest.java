package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ktrace.event.EventType;
import ktrace.event.MappingSnapshot;
import ktrace.event.ObjectKind;
import ktrace.facts.FileKeys;
import ktrace.facts.FuseKeys;
import ktrace.facts.NoSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of mapped files, which a thread touches or writes back. */
class PageFaultsTest {
    private static final int A = 100;
    private static final int UNINTERRUPTIBLE = 2;
    private static final int DEVICE = 8 << 20 | 1;
    private static final long LIBRARY = 0x7f00_0000_0000L;
    private static final long HEAP = 0x5000_0000;
    private static final long NOWHERE = 0x10;

    private final Timeline line = Timeline.of(new NoSource() {
        @Override
        public MappingSnapshot mapping(int tgid, long address) {
            return address >= LIBRARY ? new MappingSnapshot(LIBRARY, LIBRARY + 0x10000, false, DEVICE, 7, 0, "/usr/lib/x.so")
                    : address >= HEAP ? new MappingSnapshot(HEAP, HEAP + 0x10000, false, 0, 0, 0, "[heap]") : null;
        }
    }, A);

    /** What it does between calls is known only of a thread that has made one. */
    @BeforeEach
    void call() {
        line.call(A, "getppid", 1);
    }

    private String faults(long address) {
        line.event.arg0 = address;
        line.push(EventType.PAGE_FAULTED, A, A, null);
        return line.event.waitsFor + " " + line.object();
    }

    @Test
    void aPageIsOneOfTheFileThatIsMappedThere() {
        assertEquals("disk /usr/lib/x.so", faults(LIBRARY + 0x123));
        assertEquals(FileKeys.of(DEVICE, 7), line.event.object.key());
    }

    /** A descriptor of the same file is told as the same. */
    @Test
    void itIsTheFileThatOthersHaveOpen() {
        line.fd(A, 3, ObjectKind.DISK, "/usr/lib/x.so", FileKeys.of(DEVICE, 7), Timeline.O_RDWR);
        line.blocks(A, "read", 3);
        var opened = line.event.object;
        line.exit(A, "read", 1);
        faults(LIBRARY);
        assertEquals(opened.canonical(), line.event.object.canonical());
    }

    @Test
    void memoryOfNoFileHasBeenSwappedOut() {
        assertEquals("disk -", faults(HEAP + 8));
        assertEquals("disk -", faults(NOWHERE));
    }

    /** In a call it is the call that is told of. */
    @Test
    void inACallItTellsNothing() {
        line.enter(A, "read", 3, LIBRARY, 8);
        faults(LIBRARY);
        assertNull(line.event.waitsFor);
    }

    /** As soon as it is known that somebody serves what is mounted there. */
    @Test
    void aFileThatIsServedIsToldAsThat() {
        line.fd(A, 3, ObjectKind.FUSE, "fuse /usr", FuseKeys.ofServer(DEVICE), Timeline.O_RDWR);
        assertEquals("fuse /usr/lib/x.so", faults(LIBRARY + 0x123));
        assertEquals(FuseKeys.ofFile(DEVICE, "/usr/lib/x.so"), line.event.object.key());
    }

    @Test
    void whatIsWrittenBackIsTheFileThatIsMappedThere() {
        line.enter(A, "msync", LIBRARY, 0x1000, 4);
        line.run(A);
        line.switchTo(0, UNINTERRUPTIBLE);
        assertEquals("disk /usr/lib/x.so", line.event.waitsFor + " " + line.object());
    }
}
