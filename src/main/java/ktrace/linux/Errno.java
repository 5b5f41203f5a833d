package ktrace.linux;

/**
 * What an error number is called and says: errno(3), and the numbers above 511 that never leave the kernel but stand as
 * return values in {@code raw_syscalls:sys_exit} and in ptrace's system-call stops (include/linux/errno.h). Lookups of
 * known numbers allocate nothing.
 */
public final class Errno {
    /** A return value from −1 to −MAX is an error, anything else is not (MAX_ERRNO of include/linux/err.h). */
    public static final int MAX = 4095;

    private static final int EINTR = 4;
    private static final int ERESTARTSYS = 512;
    private static final int ERESTARTNOHAND = 514;
    private static final int ERESTART_RESTARTBLOCK = 516;

    private static final String[] NAMES = new String[1024];
    private static final String[] TEXTS = new String[1024];

    static {
        for (NumberedNames.Line line : NumberedNames.load("errno.txt").lines()) {
            put(line.number(), line.name(), line.text());
        }
        put(512, "ERESTARTSYS", "interrupted by a signal, restarted if SA_RESTART is set");
        put(513, "ERESTARTNOINTR", "interrupted by a signal, always restarted");
        put(514, "ERESTARTNOHAND", "interrupted by a signal, restarted if it has no handler");
        put(515, "ENOIOCTLCMD", "no such ioctl command");
        put(516, "ERESTART_RESTARTBLOCK", "interrupted by a signal, restarted by restart_syscall");
        put(524, "ENOTSUPP", "operation is not supported");
    }

    private Errno() {
    }

    /** Whether what a system call returned is an error, whose number then is {@code -returnValue}. */
    public static boolean isError(long returnValue) {
        return returnValue < 0 && returnValue >= -MAX;
    }

    /** Whether a call that returned this, as its exit shows it, was ended by a signal: the caller may see it go on instead. */
    public static boolean isInterrupted(long returnValue) {
        return returnValue == -EINTR || returnValue <= -ERESTARTSYS && returnValue >= -ERESTARTNOHAND
                || returnValue == -ERESTART_RESTARTBLOCK;
    }

    /** {@code EAGAIN} for 11; {@code errno_600} for a number without a name. */
    public static String name(int errno) {
        return isKnown(errno) ? NAMES[errno] : "errno_" + errno;
    }

    /** What strerror(3) says in the C locale. */
    public static String text(int errno) {
        return isKnown(errno) ? TEXTS[errno] : "unknown error " + errno;
    }

    /** Both, as in {@code EAGAIN (Resource temporarily unavailable)}. Allocates. */
    public static String describe(int errno) {
        return name(errno) + " (" + text(errno) + ")";
    }

    /** Whether this is an error number with a name. */
    public static boolean isKnown(int errno) {
        return errno > 0 && errno < NAMES.length && NAMES[errno] != null;
    }

    private static void put(int errno, String name, String text) {
        NAMES[errno] = name;
        TEXTS[errno] = text;
    }
}
