package ktrace.linux.child;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.TreeSet;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * A child process that holds descriptors until ktrace has ended, and then ends as well. What the kernel does when the last holder
 * of a file closes it, is done there: where a tracepoint loses its last perf event, it waits for grace periods of RCU, 36 ms for
 * each of ten (kernel/trace/trace_event_perf.c, {@code perf_trace_event_unreg}), and who waits for ktrace to end would wait for them
 * too.
 */
public final class LastHolder {
    private LastHolder() {
    }

    /** Starts it; all other descriptors of ktrace's it closes at once. Where no process is to be had, all is as without it. */
    public static void of(Collection<Integer> descriptors) {
        if (descriptors.isEmpty()) {
            return;
        }
        // For the child runs in it when ktrace has long ended.
        ChildProgram program = new ChildProgram(Arena.global());
        Syscalls.Pipe life = Syscalls.pipe();
        TreeSet<Integer> kept = new TreeSet<>(descriptors);
        kept.add(life.readEnd().number());
        MemorySegment name = program.arena().allocateFrom("ktrace-close");
        MemorySegment scratch = program.arena().allocate(JAVA_BYTE);
        program.attempt(Syscalls.number("prctl"), Uapi.PR_SET_NAME(), name.address());
        Heritage.closeAllBut(program, 0, kept);
        // The other end is left to the end of ktrace, which this waits for.
        program.attempt(Syscalls.number("read"), life.readEnd().number(), scratch.address(), 1);
        program.attempt(Syscalls.number("exit_group"), 0);
        try {
            program.start();
            life.readEnd().close();
        } catch (SyscallException e) {
            life.close();
        }
    }
}
