package ktrace.perf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelVersionTest {
    @Test
    void releases() {
        assertTrue(KernelVersion.atLeast("6.18.44-fc", 6, 18));
        assertTrue(KernelVersion.atLeast("6.1.0-30-amd64", 5, 13));
        assertTrue(KernelVersion.atLeast("5.13-rc1", 5, 13));
        assertTrue(!KernelVersion.atLeast("5.10.0", 5, 13));
        assertTrue(!KernelVersion.atLeast("4.19.0", 5, 0));
        assertTrue(!KernelVersion.atLeast("no release", 1, 0));
    }
}
