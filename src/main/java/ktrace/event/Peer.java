package ktrace.event;

/**
 * A process seen from outside, at the other end of a wait.
 *
 * @param pid its thread group id
 * @param comm its name when it was seen, unescaped; empty when it was gone before it could be asked
 */
public record Peer(int pid, String comm) {
}
