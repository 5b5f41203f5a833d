package ktrace.decode;

/**
 * The memory of the thread that makes a call. Asked at entry for what the call is given and at exit for what it filled; the
 * thread must stand still meanwhile, or what is read may be torn.
 */
@FunctionalInterface
public interface CallerMemory {
    /** For calls of which only the registers are known: pointers are shown as numbers. */
    CallerMemory UNREADABLE = (address, into, length) -> 0;

    /**
     * Reads {@code length} bytes at {@code address} into the start of {@code into}.
     *
     * @return how many could be read before the first that could not: at most {@code length}, 0 when none could
     */
    int read(long address, byte[] into, int length);
}
