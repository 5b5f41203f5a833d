package ktrace.analysis;

/**
 * A part of what a wait is explained by.
 *
 * @param pid whose doing it was; 0 when that is nobody known, or of many that were joined
 * @param comm its name when it was seen, unescaped; empty when nobody told, as of the process that waits
 * @param tid the thread, or 0 when that is not known
 * @param threadComm its own name; empty when nobody told
 * @param cause what it did meanwhile
 * @param ns how long
 */
public record Because(int pid, String comm, int tid, String threadComm, Cause cause, long ns) {
}
