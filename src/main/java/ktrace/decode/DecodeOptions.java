package ktrace.decode;

/**
 * How much of the caller's memory is shown.
 *
 * @param stringBytes at most so many bytes of a string; paths are shown whole
 * @param dataBytes at most so many bytes of what is read, written, sent or received; 0 shows the address alone, since such data
 *     may be secret
 * @param taskNames whether the name of a process or thread stands behind its number
 */
public record DecodeOptions(int stringBytes, int dataBytes, boolean taskNames) {
    /** As strace does without options, except for data. */
    public static final DecodeOptions DEFAULT = new DecodeOptions(32, 0);

    /** Without names of tasks. */
    public DecodeOptions(int stringBytes, int dataBytes) {
        this(stringBytes, dataBytes, false);
    }

    public DecodeOptions {
        if (stringBytes < 0 || dataBytes < 0) {
            throw new IllegalArgumentException("a length below zero");
        }
    }
}
