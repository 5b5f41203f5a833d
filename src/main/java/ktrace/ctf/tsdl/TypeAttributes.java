package ktrace.ctf.tsdl;

import ktrace.ctf.CtfException;
import ktrace.ctf.tsdl.FieldType.FloatType;
import ktrace.ctf.tsdl.FieldType.IntegerType;

/** What stands in the braces after {@code integer} and {@code floating_point} (CTF 1.8, 4.1.2 and 4.1.7). */
public final class TypeAttributes {
    private TypeAttributes() {
    }

    static IntegerType integer(Attributes attributes, boolean nativeBigEndian) {
        long size = attributes.number("size", -1);
        if (size < 1 || size > 64) {
            throw new CtfException(attributes.has("size")
                    ? "an integer of " + size + " bits, and ktrace reads those of 1 to 64"
                    : "an integer without a size");
        }
        int align = alignment(attributes.number("align", size % 8 == 0 ? 8 : 1));
        String encoding = attributes.text("encoding");
        boolean text = encoding != null && (encoding.equals("UTF8") || encoding.equals("ASCII") || encoding.equals("utf8"));
        return new IntegerType((int) size, align, attributes.truth("signed"), isBigEndian(attributes, nativeBigEndian), text,
                clock(attributes.text("map")));
    }

    static FloatType floatingPoint(Attributes attributes, boolean nativeBigEndian) {
        long exponent = attributes.number("exp_dig", -1);
        long mantissa = attributes.number("mant_dig", -1);
        if (exponent < 1 || exponent > 64 || mantissa < 1 || mantissa > 128 || exponent + mantissa > 128) {
            throw new CtfException("a floating-point number of " + exponent + " and " + mantissa + " bits");
        }
        long size = exponent + mantissa;
        return new FloatType((int) size, alignment(attributes.number("align", size % 8 == 0 ? 8 : 1)),
                isBigEndian(attributes, nativeBigEndian));
    }

    /** The alignment that {@code bits} stands for. */
    public static int alignment(long bits) {
        if (bits < 1 || bits > TsdlLimits.ALIGN_BITS || Long.bitCount(bits) != 1) {
            throw new CtfException("an alignment of " + bits + " bits, which must be a power of two up to "
                    + TsdlLimits.ALIGN_BITS);
        }
        return (int) bits;
    }

    static boolean isBigEndian(Attributes attributes, boolean nativeBigEndian) {
        String order = attributes.text("byte_order");
        return order == null ? nativeBigEndian : isBigEndian(order, nativeBigEndian);
    }

    static boolean isBigEndian(String order, boolean nativeBigEndian) {
        return switch (order) {
            case "be", "network" -> true;
            case "le" -> false;
            case "native" -> nativeBigEndian;
            default -> throw new CtfException("a byte order that is neither le nor be");
        };
    }

    /** {@code clock.monotonic.value} gives {@code monotonic}. */
    private static String clock(String map) {
        if (map == null) {
            return null;
        }
        String[] names = map.split("\\.");
        return names.length >= 2 && names[0].equals("clock") ? names[1] : null;
    }
}
