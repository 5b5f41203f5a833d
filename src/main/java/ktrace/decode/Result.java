package ktrace.decode;

import ktrace.linux.Errno;

/** How the result of a call is shown when it did not fail; a failure looks the same for all. */
@FunctionalInterface
public interface Result {
    Result NUMBER = d -> d.out().append(d.call().result());
    Result ADDRESS = d -> d.out().append("0x").append(Long.toHexString(d.call().result()));
    Result OCTAL = d -> d.octal(d.call().result());
    /** Of calls that do not return. */
    Result NONE = d -> d.out().append('?');
    Result TASK = d -> d.task((int) d.call().result());
    Result DESCRIPTOR = d -> d.fd((int) d.call().result());

    /** Appends what stands behind {@code "= "} of a call that succeeded. */
    void showSuccess(Decoding decoding);

    /** Appends what stands behind {@code "= "}. */
    default void show(Decoding d) {
        StringBuilder out = d.out();
        long result = d.call().result();
        if (!d.call().isFinished()) {
            out.append('?');
        } else if (!Errno.isError(result)) {
            showSuccess(d);
        } else {
            int errno = (int) -result;
            String restart = restart(errno);
            if (restart != null) {
                out.append("? ").append(Errno.name(errno)).append(" (").append(restart).append(')');
            } else if (Errno.isKnown(errno)) {
                out.append("-1 ").append(Errno.name(errno)).append(" (").append(Errno.text(errno)).append(')');
            } else {
                out.append(result);
            }
        }
    }

    /** What becomes of a call that a signal interrupted (include/linux/errno.h), or null for an error that the caller sees. */
    private static String restart(int errno) {
        return switch (errno) {
            case 512 -> "To be restarted if SA_RESTART is set";
            case 513 -> "To be restarted";
            case 514 -> "To be restarted if no handler";
            case 516 -> "Interrupted by signal";
            default -> null;
        };
    }
}
