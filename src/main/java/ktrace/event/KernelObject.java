package ktrace.event;

/**
 * Something in the kernel that threads work on and wait for: a pipe, a socket, a futex word. Two threads use the same object
 * when they hold the same instance: the system tracker makes one for each, and hands it to all stages by reference.
 *
 * <p>An object can be seen at work before anybody could look up what it is called. It then stands under a stand-in, and when the
 * object becomes known the stand-in is told which it is ({@link #identify}); from then on it answers as that one does. The
 * tracker's thread tells; any thread reads.
 */
public final class KernelObject {
    private final ObjectKind kind;
    private final String name;
    private final long key;
    private volatile KernelObject identified;

    /**
     * @param kind what it is
     * @param name how a person calls it, as the kernel's own links do: {@code pipe:[81234]}, {@code tcp
     *     127.0.0.1:80→127.0.0.1:5001}; it comes from a traced process where it is a path, so it must be escaped before it
     *     reaches a terminal
     * @param key what makes it unlike others of its kind: an inode number, a futex address, a process number; 0 when it has none
     */
    public KernelObject(ObjectKind kind, String name, long key) {
        this.kind = kind;
        this.name = name;
        this.key = key;
    }

    /** A set or timer that the kernel gives no number of its own: called by its descriptor. */
    public static KernelObject ofDescriptor(ObjectKind kind, String what, int fd) {
        return new KernelObject(kind, what + " fd " + fd, 0);
    }

    public ObjectKind kind() {
        return kind;
    }

    public String name() {
        return canonical().name;
    }

    public long key() {
        return canonical().key;
    }

    /** This stand-in turned out to be {@code known}, which is of the same kind. */
    public void identify(KernelObject known) {
        if (canonical() != known.canonical()) {
            canonical().identified = known;
        }
    }

    /** The one instance that all which turned out to be the same go by. */
    public KernelObject canonical() {
        KernelObject object = this;
        for (KernelObject next = object.identified; next != null; next = object.identified) {
            object = next;
        }
        return object;
    }

    @Override
    public String toString() {
        return kind.label() + ' ' + name();
    }
}
