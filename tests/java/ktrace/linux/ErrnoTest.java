package ktrace.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;

class ErrnoTest {

    @Test
    void aNumberHasTheNameAndTextThatErrnoDescribes() {
        assertEquals("EAGAIN", Errno.name(Uapi.EAGAIN()));
        assertEquals("Resource temporarily unavailable", Errno.text(Uapi.EAGAIN()));
        assertEquals("EPERM (Operation not permitted)", Errno.describe(1));
        assertEquals("EHWPOISON", Errno.name(133));
    }

    @Test
    void ofTwoNamesForANumberTheKernelsIsTaken() {
        assertEquals(Uapi.EAGAIN(), Uapi.EWOULDBLOCK());
        assertEquals("EDEADLK", Errno.name(Uapi.EDEADLOCK()));
        assertEquals("EOPNOTSUPP", Errno.name(Uapi.ENOTSUP()));
    }

    @Test
    void whatNeverLeavesTheKernelHasANameToo() {
        assertEquals("ERESTARTSYS", Errno.name(512));
        assertEquals("ERESTART_RESTARTBLOCK", Errno.name(516));
        assertEquals("ENOTSUPP", Errno.name(524));
    }

    @Test
    void aNumberWithoutANameIsShownAsItIs() {
        for (int errno : new int[] {0, -1, 41, 600, 5000, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertFalse(Errno.isKnown(errno));
            assertEquals("errno_" + errno, Errno.name(errno));
            assertEquals("unknown error " + errno, Errno.text(errno));
        }
    }

    @Test
    void noNameStandsForTwoNumbers() {
        Set<String> names = new HashSet<>();
        for (int errno = 1; errno <= Errno.MAX; errno++) {
            if (Errno.isKnown(errno)) {
                assertTrue(names.add(Errno.name(errno)), Errno.name(errno) + " twice");
                assertFalse(Errno.text(errno).isBlank(), Errno.name(errno));
            }
        }
        assertTrue(names.size() > 130, names.size() + " names");
    }

    @Test
    void anErrorIsWhatTheKernelTakesForOne() {
        assertTrue(Errno.isError(-1));
        assertTrue(Errno.isError(-4095));
        assertFalse(Errno.isError(-4096), "an address, as mmap may return");
        assertFalse(Errno.isError(0));
        assertFalse(Errno.isError(Long.MIN_VALUE));
    }
}
