package ktrace.event;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import ktrace.tracefs.TracepointFormat;

/**
 * A source of live events that has been attached to whom it is to see. Another one is another package beside {@code perf} and
 * {@code ptrace}: nothing behind it knows which it is, but by what it is capable of.
 */
public interface Collector extends EventSource {
    /** When attaching was complete, on CLOCK_MONOTONIC. */
    long startNs();

    /** Has a process attached to again whose events the kernel took away, as it does at some execs. Poller thread. */
    default void attachAgain(int tgid) {
        // Most lose nobody.
    }

    /**
     * Has the states of a process told from now on, but not its calls. Any thread but the poller's; not after the trace's end.
     *
     * @return whether they are
     */
    default boolean watch(int tgid) {
        return false;
    }

    /** The wait status of a target that only the collector could wait for; empty when it runs on, or anybody can. Any thread. */
    default OptionalInt endingOf(int tgid) {
        return OptionalInt.empty();
    }

    /** Descriptors that the kernel takes its time to close. Once the trace has ended. */
    default List<Integer> slowToClose() {
        return List.of();
    }

    /**
     * The kernel's description of a tracepoint of the system {@code syscalls}, or a {@link ktrace.tracefs.TracepointException} when
     * it does not tell.
     */
    Function<String, TracepointFormat> formats();
}
