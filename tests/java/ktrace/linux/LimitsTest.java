package ktrace.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read off the machine: its CPUs, its memory. */
class LimitsTest {
    private static final long TIB = 1L << 40;
    private static final long MIB = 1L << 20;

    @Test
    void ringsTakeNoMoreThanTheirTotal() {
        for (int cpus = 1; cpus <= 1024; cpus++) {
            long bytes = RingSize.of(0, cpus, TIB);
            assertEquals(1, Long.bitCount(bytes), cpus + " CPUs");
            assertTrue(bytes * cpus <= 256 * MIB, cpus + " CPUs: " + bytes);
            assertTrue(bytes >= 256 * 1024, cpus + " CPUs: " + bytes);
        }
        assertEquals(64 * MIB, RingSize.of(0, 1, TIB));
        assertEquals(16 * MIB, RingSize.of(0, 9, TIB));
        assertEquals(64 * MIB, RingSize.of(0, 4, TIB));
        assertEquals(32 * MIB, RingSize.of(0, 8, TIB));
        assertEquals(2 * MIB, RingSize.of(0, 128, TIB));
    }

    @Test
    void smallMachinesKeepTheirMemory() {
        assertEquals(16 * MIB, RingSize.of(0, 2, 512 * MIB));
        assertEquals(RingSize.MIN_BYTES, RingSize.of(0, 64, 16 * MIB));
    }

    @Test
    void aWishIsRoundedDownToAPowerOfTwo() {
        assertEquals(4 * MIB, RingSize.of(5 * MIB, 2, TIB));
        assertEquals(4 * MIB, RingSize.of(4 * MIB, 2, TIB));
        assertEquals(4096, RingSize.of(1, 2, TIB));
        assertTrue(RingSize.memoryBytes() > 64 * MIB);
    }

    @Test
    void listsOfCpus() {
        Map<String, int[]> lists = Map.of("0\n", new int[] {0}, "0-3\n", new int[] {0, 1, 2, 3}, "0-1,4,6-7\n",
                new int[] {0, 1, 4, 6, 7}, "5", new int[] {5});
        lists.forEach((text, cpus) -> assertArrayEquals(cpus, OnlineCpus.parse(text), text));
        assertTrue(OnlineCpus.read().length >= 1);
        assertTrue(OnlineCpus.limit() >= OnlineCpus.read().length);
    }
}
