package ktrace.system.objects;

import java.util.Arrays;
import ktrace.event.MappingSnapshot;
import org.agrona.collections.LongHashSet;

/**
 * What is known of the memory of one process: the futexes in it that are its own, by address, and those of its mappings that were
 * looked up, by which the others are found.
 *
 * <p>Written by the tracker's thread; allocates for futexes and mappings never seen before.
 */
public final class AddressSpace {
    private static final int MAPPING_LIMIT = 256;
    private static final long PAGE_MASK = 0xfff;
    private static final MappingSnapshot[] NONE = {};

    private final ObjectTable objects;
    private KeyedObjects words;
    /** In the order of their addresses; none overlaps another. */
    private MappingSnapshot[] mappings = NONE;
    /** The files that are mapped there; null for memory that is not shared. */
    private SharedFile[] files = {};
    private int count;
    /** The pages that were asked about. */
    private final LongHashSet asked = new LongHashSet(0);

    public AddressSpace(ObjectTable objects) {
        this.objects = objects;
    }

    /** The futex of this process alone at {@code address}; null when there is none. */
    public TrackedObject word(long address) {
        return words == null ? null : words.get(address);
    }

    public void putWord(long address, TrackedObject word) {
        if (words == null) {
            words = new KeyedObjects(objects);
        }
        words.put(address, word);
    }

    /** The mapping that {@code address} lies in, as far as that is known; else null. */
    public MappingSnapshot mapping(long address) {
        int i = indexOf(address);
        return i < 0 ? null : mappings[i];
    }

    /** The file that memory at {@code address} is shared by; null when it is not, or that is not known. */
    public SharedFile file(long address) {
        int i = indexOf(address);
        return i < 0 ? null : files[i];
    }

    /** Whether to ask what is mapped at {@code address}: once, until something else is mapped. */
    public boolean asksOf(long address) {
        if (hasAskedMuch()) {
            asked.clear();
        }
        return asked.add(address & ~PAGE_MASK);
    }

    public boolean hasAskedMuch() {
        return asked.size() >= MAPPING_LIMIT;
    }

    /** What the kernel told. What is known of these addresses already is out of date. */
    public void putMapping(MappingSnapshot mapping) {
        forgetMappings(mapping.startAddress(), mapping.endAddress() - mapping.startAddress());
        if (count >= MAPPING_LIMIT) {
            forgetMappings();
        }
        if (count == mappings.length) {
            mappings = Arrays.copyOf(mappings, Math.max(4, 2 * count));
            files = Arrays.copyOf(files, mappings.length);
        }
        int at = firstEndingAfter(mapping.startAddress());
        System.arraycopy(mappings, at, mappings, at + 1, count - at);
        System.arraycopy(files, at, files, at + 1, count - at);
        mappings[at] = mapping;
        files[at] = mapping.shared() && mapping.inode() != 0 ? objects.mapped(mapping) : null;
        count++;
    }

    /** mmap, munmap, mremap: what was known of these addresses holds no more. Costs nothing where no shared futex was looked up. */
    public void unmap(long start, long lengthBytes) {
        if (!asked.isEmpty()) {
            asked.clear();
        }
        if (count > 0) {
            forgetMappings(start, lengthBytes);
        }
    }

    private void forgetMappings(long start, long lengthBytes) {
        int first = firstEndingAfter(start);
        int end = first;
        while (end < count && mappings[end].overlaps(start, start + lengthBytes)) {
            if (files[end] != null) {
                objects.unmapped(files[end]);
            }
            end++;
        }
        if (end > first) {
            System.arraycopy(mappings, end, mappings, first, count - end);
            System.arraycopy(files, end, files, first, count - end);
            int before = count;
            count -= end - first;
            Arrays.fill(mappings, count, before, null);
            Arrays.fill(files, count, before, null);
        }
    }

    /** The process has ended or become another program. */
    public void clear() {
        forgetMappings();
        asked.clear();
        if (words != null) {
            words.clear();
            words = null;
        }
    }

    private void forgetMappings() {
        for (int i = 0; i < count; i++) {
            if (files[i] != null) {
                objects.unmapped(files[i]);
            }
        }
        Arrays.fill(mappings, 0, count, null);
        Arrays.fill(files, 0, count, null);
        count = 0;
    }

    private int indexOf(long address) {
        int i = firstEndingAfter(address);
        return i < count && mappings[i].contains(address) ? i : -1;
    }

    private int firstEndingAfter(long address) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(mappings[middle].endAddress(), address) > 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
