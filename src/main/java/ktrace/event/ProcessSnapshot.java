package ktrace.event;

/**
 * A process as /proc told of it, or as it became by exec.
 *
 * @param tgid its number
 * @param ppid its parent's number
 * @param comm name of its leading thread, unescaped
 * @param cmdline the arguments, joined by blanks, unescaped
 */
public record ProcessSnapshot(int tgid, int ppid, String comm, String cmdline) {
}
