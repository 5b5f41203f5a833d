package ktrace.event;

/**
 * Something in the kernel that threads work on and wait for: a pipe, a socket, a futex word. Two threads use the same object
 * when they hold the same instance: the system tracker makes one for each, and hands it to all stages by reference.
 *
 * @param kind what it is
 * @param name how a person calls it, as the kernel's own links do: {@code pipe:[81234]}, {@code tcp 127.0.0.1:80↔127.0.0.1:5001};
 *     it comes from a traced process where it is a path, so it must be escaped before it reaches a terminal
 * @param key what makes it unlike others of its kind: an inode number, a futex address, a process number
 */
public record KernelObject(ObjectKind kind, String name, long key) {
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
