package ktrace.ctf.write;

import ktrace.ctf.KernelEvent;
import ktrace.ctf.Tsdl;
import ktrace.decode.ArgumentTexts;

/**
 * The address of a socket that a call was given, behind its arguments: its bytes, and what LTTng has of an address that is
 * connected to, by LTTng's names ({@code family}, {@code dport}, {@code v4addr}, {@code v6addr}).
 */
final class SocketAddressFields {
    private static final byte[] NOT_READ = {};
    private static final int INET = 2;
    private static final int INET6 = 10;
    /** struct sockaddr_in, and struct sockaddr_in6 without the scope that it need not have. */
    private static final int INET_BYTES = 16;
    private static final int INET6_BYTES = 24;
    /** Of all fields but the bytes. */
    private static final int SIZE_BYTES = 1 + 4 + 2 + 1 + 4 + 1 + 16;

    private SocketAddressFields() {
    }

    static String declarations(String argument) {
        return Tsdl.u8(argument + KernelEvent.READ) + Tsdl.bytes(argument + KernelEvent.BYTES, argument + KernelEvent.READ)
                + Tsdl.i32("family") + Tsdl.u16OfNetwork("dport") + Tsdl.sequenceU8("v4addr")
                + Tsdl.sequenceU16OfNetwork("v6addr");
    }

    /** What was read, or nothing. */
    static byte[] bytes(ArgumentTexts given, int argument) {
        byte[] bytes = given == null ? null : given.of(argument);
        return bytes == null || bytes.length > ArgumentTexts.ADDRESS_BYTES ? NOT_READ : bytes;
    }

    static int sizeBytes(byte[] address) {
        return SIZE_BYTES + address.length;
    }

    static void write(PacketWriter out, byte[] address) {
        out.u8(address.length);
        out.bytes(address, 0, address.length);
        int family = address.length < 2 ? 0 : address[0] & 0xff | (address[1] & 0xff) << 8;
        boolean inet = family == INET && address.length >= INET_BYTES;
        boolean inet6 = family == INET6 && address.length >= INET6_BYTES;
        out.i32(family);
        out.u8(inet || inet6 ? address[2] : 0);
        out.u8(inet || inet6 ? address[3] : 0);
        out.u8(inet ? 4 : 0);
        if (inet) {
            out.bytes(address, 4, 4);
        }
        out.u8(inet6 ? 8 : 0);
        if (inet6) {
            out.bytes(address, 8, 16);
        }
    }
}
