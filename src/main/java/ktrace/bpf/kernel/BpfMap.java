package ktrace.bpf.kernel;

import ktrace.linux.FileDescriptor;
import ktrace.linux.tracing.BpfAbi;

/** Memory that programs and ktrace share. It is gone when ktrace and the programs are: nothing is pinned. */
public final class BpfMap implements AutoCloseable {
    /** What a value of those takes that have small ones. */
    static final int SMALL = Integer.BYTES;
    /** Of an entry for a task. */
    public static final int TASK_VALUE_BYTES = 8;

    private final String name;
    private final FileDescriptor fd;

    private BpfMap(String name, FileDescriptor fd) {
        this.name = name;
        this.fd = fd;
    }

    /** A ring of records, of so many bytes: a power of two, and whole pages. */
    public static BpfMap ring(long sizeBytes) {
        return create("ring", BpfAbi.MAP_TYPE_RINGBUF, 0, 0, Math.toIntExact(sizeBytes), 0, 0);
    }

    /** Values by number, that can be mapped into memory. */
    public static BpfMap array(String name, int valueBytes, int entries) {
        return create(name, BpfAbi.MAP_TYPE_ARRAY, Integer.BYTES, valueBytes, entries, BpfAbi.F_MMAPABLE, 0);
    }

    /** Maps by number, all like {@code example}; at first there are none in it. */
    public static BpfMap arrayOfMaps(String name, BpfMap example, int entries) {
        return create(name, BpfAbi.MAP_TYPE_ARRAY_OF_MAPS, Integer.BYTES, SMALL, entries, 0, example.fd());
    }

    /** A set of numbers: what belongs to them is of no use. */
    public static BpfMap set(String name, int entries) {
        return create(name, BpfAbi.MAP_TYPE_HASH, Integer.BYTES, SMALL, Math.max(1, entries), 0, 0);
    }

    /** A set of numbers of 8 bytes; when it is full, those that were not looked for longest make room. */
    public static BpfMap latest(String name, int entries) {
        return create(name, BpfAbi.MAP_TYPE_LRU_HASH, Long.BYTES, Long.BYTES, entries, 0, 0);
    }

    private static BpfMap create(String name, int type, int keyBytes, int valueBytes, int entries, int flags, int innerMapFd) {
        try (Attr attr = new Attr()) {
            attr.number(BpfAbi.MAP_TYPE, type).number(BpfAbi.KEY_SIZE, keyBytes).number(BpfAbi.VALUE_SIZE, valueBytes)
                    .number(BpfAbi.MAX_ENTRIES, entries).number(BpfAbi.MAP_FLAGS, flags)
                    .number(BpfAbi.INNER_MAP_FD, innerMapFd).name(BpfAbi.MAP_NAME, name);
            return new BpfMap(name, attr.open(BpfAbi.MAP_CREATE, "make the BPF map '" + name + "'"));
        }
    }

    /** {@link #TASK_VALUE_BYTES} for each task that has an entry, which goes when the task does; since 5.11. */
    public static BpfMap ofTasks(String name) {
        try (FileDescriptor types = OwnTypes.load(); Attr attr = new Attr()) {
            attr.number(BpfAbi.MAP_TYPE, BpfAbi.MAP_TYPE_TASK_STORAGE).number(BpfAbi.KEY_SIZE, Integer.BYTES)
                    .number(BpfAbi.VALUE_SIZE, TASK_VALUE_BYTES).number(BpfAbi.MAP_FLAGS, BpfAbi.F_NO_PREALLOC)
                    .number(BpfAbi.MAP_BTF_FD, types.number()).number(BpfAbi.BTF_KEY_TYPE_ID, OwnTypes.KEY)
                    .number(BpfAbi.BTF_VALUE_TYPE_ID, OwnTypes.VALUE).name(BpfAbi.MAP_NAME, name);
            return new BpfMap(name, attr.open(BpfAbi.MAP_CREATE, "make a BPF map of tasks, which kernels have since 5.11"));
        }
    }

    /** Puts {@code value} at {@code key}, of a map whose values are small: a number, or the descriptor of a map. */
    public void put(int key, int value) {
        try (Attr attr = new Attr()) {
            attr.number(BpfAbi.MAP_FD, fd()).pointer(BpfAbi.KEY, attr.number(key)).pointer(BpfAbi.VALUE, attr.number(value));
            attr.require(BpfAbi.MAP_UPDATE_ELEM, "write into the BPF map '" + name + "'");
        }
    }

    /**
     * Puts a value at each key. At once where the kernel can do that: with maps as values it waits each time until all programs have
     * seen it, some milliseconds.
     */
    public void putAll(int[] keys, int[] values) {
        try (Attr attr = new Attr()) {
            attr.number(BpfAbi.BATCH_MAP_FD, fd()).number(BpfAbi.BATCH_COUNT, keys.length)
                    .pointer(BpfAbi.BATCH_KEYS, attr.numbers(keys)).pointer(BpfAbi.BATCH_VALUES, attr.numbers(values));
            if (attr.call(BpfAbi.MAP_UPDATE_BATCH) < 0) {
                for (int i = 0; i < keys.length; i++) {
                    put(keys[i], values[i]);
                }
            }
        }
    }

    public void remove(int key) {
        try (Attr attr = new Attr()) {
            attr.number(BpfAbi.MAP_FD, fd()).pointer(BpfAbi.KEY, attr.number(key));
            attr.require(BpfAbi.MAP_DELETE_ELEM, "take something out of the BPF map '" + name + "'");
        }
    }

    public int fd() {
        return fd.number();
    }

    /** For mmap(2). */
    public FileDescriptor descriptor() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }
}
