package ktrace.linux;

/** What is to be done before the JVM ends, however it ends but by SIGKILL. */
public final class ShutdownHook {
    private ShutdownHook() {
    }

    /**
     * Has {@code action} run on a thread of its own when the JVM begins to end.
     *
     * @param thread the thread's name
     * @return false when the JVM ends already, by a signal that came before: {@code action} is not run then, and there may be no time
     *     for what the caller is about to begin
     */
    public static boolean add(String thread, Runnable action) {
        try {
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name(thread).unstarted(action));
            return true;
        } catch (IllegalStateException ending) {
            return false;
        }
    }
}
