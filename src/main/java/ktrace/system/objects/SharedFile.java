package ktrace.system.objects;

/**
 * A file by which processes share memory: the futexes in it, by where they lie, whatever addresses it is mapped at. It is known as
 * long as there are any, or a mapping of it.
 *
 * <p>Written by the tracker's thread.
 */
public final class SharedFile {
    final Id id;
    /** By offset. */
    public final KeyedObjects words;
    /** How many mappings of it are known, in all processes. */
    int mappings;

    /** Which file. */
    record Id(int device, long inode) {
    }

    SharedFile(Id id, ObjectTable objects) {
        this.id = id;
        words = new KeyedObjects(objects, this);
    }

    boolean isUnused() {
        return mappings == 0 && words.isEmpty();
    }
}
