package ktrace.ctf.tsdl;

/** How much metadata may ask for. Far above what tracers write, and low enough that nothing hostile can exhaust the reader. */
public final class TsdlLimits {
    /** LTTng's metadata with every event of a kernel is about one MiB. */
    public static final int METADATA_BYTES = 32 << 20;
    /** Structures in structures, arrays of arrays, blocks in blocks. */
    public static final int NESTING = 64;
    /** Fields, labels, types, attributes and blocks, all together. */
    public static final int DECLARATIONS = 1_000_000;
    /** Of one array; what an array really holds is checked against its packet when it is read. */
    public static final int ARRAY_LENGTH = 1 << 30;
    /** Bits; four KiB. */
    static final int ALIGN_BITS = 1 << 15;
    /** Event and stream numbers that are kept in a table; larger ones are refused. */
    public static final int EVENT_CLASSES = 1 << 17;
    static final int NAME_CHARS = 4096;

    private TsdlLimits() {
    }
}
