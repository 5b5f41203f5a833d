package ktrace.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class InetAddressesTest {
    @Test
    void fourBytes() {
        assertEquals("127.0.0.1", InetAddresses.four(0x7f00_0001));
        assertEquals("255.254.0.200", InetAddresses.four(0xfffe_00c8));
    }

    @Test
    void mappedIsWrittenAsFour() {
        assertEquals("10.0.0.2", InetAddresses.six(0, 0xffff_0a00_0002L));
        assertEquals("0.0.0.0", InetAddresses.six(0, 0xffff_0000_0000L));
        assertEquals("[::a00:2]", InetAddresses.six(0, 0x0a00_0002L));
    }

    /** RFC 5952, 4.2: the longest run of zeros, the first of equals, and none of one group. */
    @Test
    void sixteenBytesAreShortened() {
        assertEquals("[::]", InetAddresses.six(0, 0));
        assertEquals("[::1]", InetAddresses.six(0, 1));
        assertEquals("[2001:db8::1]", InetAddresses.six(0x2001_0db8_0000_0000L, 1));
        assertEquals("[2001:db8:0:1:1:1:1:1]", InetAddresses.six(0x2001_0db8_0000_0001L, 0x0001_0001_0001_0001L));
        assertEquals("[2001:0:0:1::1]", InetAddresses.six(0x2001_0000_0000_0001L, 1));
        assertEquals("[fe80::]", InetAddresses.six(0xfe80_0000_0000_0000L, 0));
    }
}
