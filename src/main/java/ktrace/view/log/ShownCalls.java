package ktrace.view.log;

import ktrace.event.TraceEvent;
import ktrace.linux.Errno;
import ktrace.linux.SyscallTable;

/** What of all that happens has a line: which calls, by their names, their results and how long they took; and what is no call. */
final class ShownCalls {
    private final CallLogOptions options;
    private final SyscallTable syscalls;

    /** @param syscalls what the numbers stand for */
    ShownCalls(CallLogOptions options, SyscallTable syscalls) {
        this.options = options;
        this.syscalls = syscalls;
    }

    /** Whether the call was asked for, whatever comes of it. */
    boolean isWanted(int number) {
        String name = syscalls.nameOfOwn(number);
        return name == null ? options.calls().contains(options.abi(), number) : options.calls().contains(name);
    }

    /** The same of one of which there is a text. */
    boolean isWanted(String text) {
        return options.calls().contains(text.substring(0, Math.max(text.indexOf('('), 0)));
    }

    /** Whether the call of {@code thread}, which returns, is shown if it is wanted. */
    boolean isShown(LoggedThread thread, TraceEvent exit) {
        return hasResultAskedFor(exit) && isLongEnough(thread, exit.timeNs);
    }

    /** The same of one of which only the end was seen. */
    boolean isEndShown(TraceEvent exit) {
        return options.longerThanNs() == 0 && hasResultAskedFor(exit);
    }

    /** The same of one that has no result. */
    boolean isUnfinishedShown(LoggedThread thread, long timeNs) {
        return !options.failedOnly() && !options.choice().succeededOnly() && isLongEnough(thread, timeNs);
    }

    /** Whether signals, new programs and ends are: whatever calls were asked for, unless how they end was asked for as well. */
    boolean othersAreShown() {
        return !options.failedOnly() && options.longerThanNs() == 0;
    }

    private boolean hasResultAskedFor(TraceEvent exit) {
        return !(Errno.isError(exit.result) ? options.choice().succeededOnly() : options.failedOnly());
    }

    private boolean isLongEnough(LoggedThread thread, long timeNs) {
        return options.longerThanNs() == 0
                || thread.enterNs != LoggedThread.UNKNOWN_TIME && timeNs - thread.enterNs > options.longerThanNs();
    }
}
