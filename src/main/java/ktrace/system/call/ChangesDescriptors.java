package ktrace.system.call;

import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;

/** A call that waits for nobody, and whose success makes or changes descriptors. */
public final class ChangesDescriptors extends SystemCall {
    /** What success changes. */
    @FunctionalInterface
    public interface Change {
        /** @param result what the call gave: the new descriptor, if it makes one */
        void by(Machine machine, ThreadEntry thread, int result);
    }

    private final Change change;

    public ChangesDescriptors(Change change) {
        this.change = change;
    }

    @Override
    public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
        if (result >= 0) {
            change.by(machine, thread, (int) result);
        }
    }
}
