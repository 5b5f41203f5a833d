package ktrace.decode.files;

import java.util.HashMap;
import java.util.Map;
import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Call;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;
import ktrace.decode.Filled;
import ktrace.decode.Resource;

/** ioctl(2): the name of the request, and for those of terminals, files and interfaces what the argument points to. */
final class Ioctls {
    private static final Constants IFLAGS = Constants.group("term_iflags");
    private static final Constants OFLAGS = Constants.group("term_oflags");
    private static final Constants CFLAGS = Constants.group("term_cflags");
    private static final Constants LFLAGS = Constants.group("term_lflags");
    private static final Constants BAUD = Constants.group("baud");
    private static final Constants CSIZE = Constants.group("csize");
    private static final Constants INTERFACE = Constants.group("interface");
    private static final Constants FILE_FLAGS = Constants.group("fs_ioc");
    private static final String[] DELAYS = {"NL", "CR", "TAB", "BS", "VT", "FF"};
    private static final int[] DELAY_BITS = {8, 9, 11, 13, 14, 15};
    private static final int[] DELAY_MASKS = {1, 3, 3, 1, 1, 1};
    private static final int TERMIOS_BYTES = 36;
    private static final int IFNAMSIZ = 16;

    private Ioctls() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "ioctl-request" -> Argument.in((d, value) -> request(d.out(), value & 0xffff_ffffL));
            case "ioctl-in" -> Argument.in(Ioctls::given).onlyIf(call -> shape(call) != Shape.NOTHING && !shape(call).filled);
            case "ioctl-out" -> Argument.out(Ioctls::filled).from(2).onlyIf(call -> shape(call).filled);
            default -> null;
        };
    }

    /** What the third argument is. */
    private enum Shape {
        NOTHING(false), NUMBER(false), ADDRESS(false), INT(false), INT_OUT(true), TERMIOS(false), TERMIOS_OUT(true), WINSIZE(false),
        WINSIZE_OUT(true), INTERFACE_OUT(true), FILE_FLAGS(false), FILE_FLAGS_OUT(true);

        final boolean filled;

        Shape(boolean filled) {
            this.filled = filled;
        }
    }

    private static Shape shape(Call call) {
        String name = Names.BY_NUMBER.getOrDefault(call.argument(1) & 0xffff_ffffL, "");
        return switch (name.substring(name.lastIndexOf(' ') + 1)) {
            case "TCGETS", "TIOCGLCKTRMIOS" -> Shape.TERMIOS_OUT;
            case "TCSETS", "TCSETSW", "TCSETSF", "TIOCSLCKTRMIOS" -> Shape.TERMIOS;
            case "TIOCGWINSZ" -> Shape.WINSIZE_OUT;
            case "TIOCSWINSZ" -> Shape.WINSIZE;
            case "FIONREAD", "TIOCINQ", "TIOCOUTQ", "TIOCGPGRP", "TIOCGSID", "TIOCGPTN", "TIOCGETD", "TIOCGSOFTCAR", "TIOCGPTLCK",
                    "TIOCGPKT", "TIOCGEXCL", "FIOQSIZE" -> Shape.INT_OUT;
            case "FIONBIO", "FIOASYNC", "TIOCSPGRP", "TIOCSETD", "TIOCPKT", "TIOCSPTLCK", "TIOCSSOFTCAR" -> Shape.INT;
            case "FIOCLEX", "FIONCLEX", "TIOCEXCL", "TIOCNXCL", "TIOCNOTTY", "TIOCSBRK", "TIOCCBRK", "TIOCCONS" ->
                    Shape.NOTHING;
            case "TIOCSCTTY", "TCSBRK", "TCSBRKP", "TCXONC", "TCFLSH", "FICLONE" -> Shape.NUMBER;
            case "SIOCGIFFLAGS", "SIOCGIFINDEX", "SIOCGIFMTU", "SIOCGIFMETRIC", "SIOCGIFTXQLEN" -> Shape.INTERFACE_OUT;
            case "FS_IOC_GETFLAGS", "FS_IOC32_GETFLAGS" -> Shape.FILE_FLAGS_OUT;
            case "FS_IOC_SETFLAGS", "FS_IOC32_SETFLAGS" -> Shape.FILE_FLAGS;
            default -> Shape.ADDRESS;
        };
    }

    private static void request(StringBuilder out, long number) {
        String name = Names.BY_NUMBER.get(number);
        if (name != null) {
            out.append(name);
            return;
        }
        // _IOC(direction, type, number, size) of asm-generic/ioctl.h.
        int direction = (int) (number >>> 30);
        out.append("_IOC(").append(switch (direction) {
            case 0 -> "_IOC_NONE";
            case 1 -> "_IOC_WRITE";
            case 2 -> "_IOC_READ";
            default -> "_IOC_READ|_IOC_WRITE";
        });
        hex(out.append(", "), number >>> 8 & 0xff);
        hex(out.append(", "), number & 0xff);
        hex(out.append(", "), number >>> 16 & 0x3fff);
        out.append(')');
    }

    private static void hex(StringBuilder out, long value) {
        if (value == 0) {
            out.append('0');
        } else {
            out.append("0x").append(Long.toHexString(value));
        }
    }

    private static void given(Decoding d, long value) {
        switch (shape(d.call())) {
            case INT -> Filled.number(d, value, Integer.BYTES, true);
            case TERMIOS -> terminal(d, value);
            case WINSIZE -> window(d, value);
            case FILE_FLAGS -> fileFlags(d, value);
            case NUMBER -> d.out().append(value);
            default -> d.hex(value);
        }
    }

    private static void filled(Decoding d, long value) {
        switch (shape(d.call())) {
            case TERMIOS_OUT -> terminal(d, value);
            case WINSIZE_OUT -> window(d, value);
            case FILE_FLAGS_OUT -> fileFlags(d, value);
            case INTERFACE_OUT -> networkInterface(d, value);
            default -> Filled.number(d, value, Integer.BYTES, true);
        }
    }

    /** struct termios of the kernel: input, output, control and local modes, four bytes each (asm-generic/termbits.h). */
    private static void terminal(Decoding d, long address) {
        Bytes bytes = d.fetch(address, TERMIOS_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{c_iflag=");
        IFLAGS.flags(out, bytes.u32(0));
        out.append(", c_oflag=");
        long output = bytes.u32(4);
        long delays = 0;
        for (int i = 0; i < DELAYS.length; i++) {
            long mask = (long) DELAY_MASKS[i] << DELAY_BITS[i];
            out.append(i > 0 ? "|" : "").append(DELAYS[i]).append(output >>> DELAY_BITS[i] & DELAY_MASKS[i]);
            delays |= mask;
        }
        OFLAGS.moreFlags(out, output & ~delays);
        out.append(", c_cflag=");
        long control = bytes.u32(8);
        BAUD.one(out, control & 0x100f);
        out.append('|');
        CSIZE.one(out, control & 0x30);
        CFLAGS.moreFlags(out, control & ~0x103fL);
        out.append(", c_lflag=");
        LFLAGS.flags(out, bytes.u32(12));
        out.append(", ...}");
    }

    private static void fileFlags(Decoding d, long address) {
        Bytes bytes = d.fetch(address, Integer.BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append('[');
        FILE_FLAGS.flags(d.out(), bytes.u32(0));
        d.out().append(']');
    }

    private static void window(Decoding d, long address) {
        Bytes bytes = d.fetch(address, 8);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{ws_row=").append(bytes.u16(0)).append(", ws_col=").append(bytes.u16(2)).append(", ws_xpixel=")
                .append(bytes.u16(4)).append(", ws_ypixel=").append(bytes.u16(6)).append('}');
    }

    private static void networkInterface(Decoding d, long address) {
        Bytes bytes = d.fetch(address, IFNAMSIZ + 4);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append("{ifr_name=");
        d.path(address);
        switch (Names.BY_NUMBER.getOrDefault(d.argument(1), "")) {
            case "SIOCGIFFLAGS" -> INTERFACE.flags(out.append(", ifr_flags="), bytes.u16(IFNAMSIZ));
            case "SIOCGIFINDEX" -> out.append(", ifr_ifindex=").append(bytes.i32(IFNAMSIZ));
            case "SIOCGIFMTU" -> out.append(", ifr_mtu=").append(bytes.i32(IFNAMSIZ));
            case "SIOCGIFTXQLEN" -> out.append(", ifr_qlen=").append(bytes.i32(IFNAMSIZ));
            default -> out.append(", ifr_metric=").append(bytes.i32(IFNAMSIZ));
        }
        out.append('}');
    }

    /** Of requests that share a number, all: {@code SNDCTL_TMR_START or TCSETS}. */
    private static final class Names {
        static final Map<Long, String> BY_NUMBER = read();

        private static Map<Long, String> read() {
            Map<Long, String> names = new HashMap<>();
            for (String line : Resource.lines("ioctls.txt")) {
                int blank = line.indexOf(' ');
                names.merge(Long.decode(line.substring(0, blank)), line.substring(blank + 1), (a, b) -> a + " or " + b);
            }
            return Map.copyOf(names);
        }
    }
}
