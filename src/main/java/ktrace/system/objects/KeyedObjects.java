package ktrace.system.objects;

import org.agrona.collections.Long2ObjectHashMap;

/**
 * Objects by a number that tells them apart: an inode, an id, an address. An object stands in one such table at most, and knows in
 * which and under what number, so that it can leave whatever it is called by then.
 *
 * <p>Written by the tracker's thread; allocates when there are more objects than ever before.
 */
public final class KeyedObjects {
    private final ObjectTable table;
    /** Of futexes: the file that they lie in, null if in the memory of one process. */
    final SharedFile file;
    private final Long2ObjectHashMap<TrackedObject> objects = new Long2ObjectHashMap<>();

    KeyedObjects(ObjectTable table) {
        this(table, null);
    }

    KeyedObjects(ObjectTable table, SharedFile file) {
        this.table = table;
        this.file = file;
    }

    public TrackedObject get(long key) {
        return objects.get(key);
    }

    /** {@code object} is found under {@code key}, where nothing was, from now on, and nowhere else. */
    public void put(long key, TrackedObject object) {
        leave(object);
        objects.put(key, object);
        object.home = this;
        object.homeKey = key;
    }

    /** {@code object} is found under no number any more. */
    public static void leave(TrackedObject object) {
        if (object.home != null) {
            object.home.objects.remove(object.homeKey);
            object.home = null;
        }
    }

    /** Nobody may keep {@code object}, which is found here, any more. */
    void doubt(TrackedObject object) {
        table.doubt(object);
    }

    boolean isEmpty() {
        return objects.isEmpty();
    }

    /** All at once. */
    void clear() {
        objects.values().forEach(object -> object.home = null);
        objects.clear();
    }
}
