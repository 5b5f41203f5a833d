package ktrace.event;

/**
 * A process as /proc told of it, or as it became by exec.
 *
 * @param tgid its number
 * @param ppid its parent's number
 * @param comm name of its leading thread, unescaped
 * @param cmdline the arguments, joined by blanks, unescaped
 * @param inside the number that its parent knows it by, in a pid namespace of their own; else its number
 * @param inNamespace it is in a pid namespace below ktrace's: the numbers in its calls are of that
 */
public record ProcessSnapshot(int tgid, int ppid, String comm, String cmdline, int inside, boolean inNamespace) {
    /** One in the namespace that all numbers are of. */
    public ProcessSnapshot(int tgid, int ppid, String comm, String cmdline) {
        this(tgid, ppid, comm, cmdline, tgid, false);
    }
}
