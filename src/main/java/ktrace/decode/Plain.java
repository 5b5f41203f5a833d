package ktrace.decode;

/** Parameters that a register holds by itself: numbers, descriptors, names of values and of bits; and strings. */
public final class Plain {
    public static final Argument DESCRIPTOR = Argument.in((d, value) -> d.fd((int) value));

    private Plain() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "int" -> Argument.in((d, value) -> d.out().append((int) value));
            case "task" -> Argument.in((d, value) -> d.task((int) value));
            case "uint" -> Argument.in((d, value) -> d.out().append(value & 0xffff_ffffL));
            case "long" -> Argument.in((d, value) -> d.out().append(d.call().wordBytes() == 4 ? (int) value : value));
            case "size" -> Argument.in((d, value) -> d.out().append(Long.toUnsignedString(value)));
            // 64 bits in two registers of a 32-bit caller: wide:LOW-HIGH.
            case "wide" -> {
                int low = Integer.parseInt(parameter.substring(0, parameter.indexOf('-')));
                int high = Integer.parseInt(parameter.substring(parameter.indexOf('-') + 1));
                yield Argument.in((d, value) -> d.out().append(d.argument(high) << 32 | d.argument(low) & 0xffff_ffffL));
            }
            case "hex" -> Argument.in((d, value) -> d.hex(value));
            case "hex32" -> Argument.in((d, value) -> d.hex(value & 0xffff_ffffL));
            case "address" -> Argument.in((d, value) -> d.address(value));
            case "address-out" -> Argument.late((d, value) -> d.address(value));
            case "fd" -> DESCRIPTOR;
            case "dirfd" -> Argument.in((d, value) -> d.directory((int) value));
            case "path" -> Argument.in((d, value) -> d.path(value));
            case "string" -> Argument.in((d, value) -> d.string(value));
            case "one" -> one(Constants.group(parameter));
            case "flags" -> flags(Constants.group(parameter));
            case "flags64" -> {
                Constants group = Constants.group(parameter);
                yield Argument.in((d, value) -> group.flags(d.out(), value));
            }
            default -> null;
        };
    }

    private static Argument one(Constants group) {
        return Argument.in((d, value) -> group.one(d.out(), group.find((int) value) != null ? (int) value : value & 0xffff_ffffL));
    }

    private static Argument flags(Constants group) {
        return Argument.in((d, value) -> group.flags(d.out(), value & 0xffff_ffffL));
    }
}
