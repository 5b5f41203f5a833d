package ktrace.system.family.futexes;

import ktrace.system.Machine;
import ktrace.system.SystemCall;
import ktrace.system.ThreadEntry;

/** mmap, munmap, mremap: what was known of the addresses holds no more. */
final class Unmapping extends SystemCall {
    /** The addresses of the first argument. */
    static final int OLD = 1;
    /** Those that the result names. */
    static final int NEW = 2;
    private final int which;

    Unmapping(int which) {
        this.which = which;
    }

    @Override
    public void exit(Machine machine, ThreadEntry thread, long result, long nowNs) {
        if (result < 0) {
            return;
        }
        if ((which & OLD) != 0) {
            thread.process.memory.unmap(thread.args[0], thread.args[1]);
        }
        if ((which & NEW) != 0) {
            thread.process.memory.unmap(result, thread.args[which == NEW ? 1 : 2]);
        }
    }
}
