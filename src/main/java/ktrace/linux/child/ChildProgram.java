package ktrace.linux.child;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import ktrace.linux.SyscallException;
import ktrace.linux.uapi.Uapi;

/**
 * A list of system calls for a child process to make, in this order; one that returns less than it must ends the child with status
 * 127. As {@link ChildCode} reads it, in words of 8 bytes:
 *
 * <pre>
 *   0  flags of clone(2)       32  number of a call   }
 *   8  end of the stack        40  six arguments      }
 *  16  mask: all signals       88  result             } 72 bytes, for each
 *  24  mask of the parent      96  least result       }
 * </pre>
 *
 * The child shares our memory (CLONE_VM) until it execs: what arguments point to is read from here, and the results are seen here.
 * It is no vfork(2): the parent runs on meanwhile.
 */
final class ChildProgram {
    private static final long HEADER_BYTES = 32;
    private static final long STEP_BYTES = 72;
    private static final long RESULT_OFFSET = 56;
    private static final long STACK_BYTES = 4096;
    /** No call has been made. */
    private static final long NONE = Long.MIN_VALUE;

    private record Step(long least, long[] call) {
    }

    private final Arena arena;
    private final List<Step> steps = new ArrayList<>();
    private MemorySegment memory;

    /** @param arena for itself and for what arguments point to; lives as long as the child runs in it */
    ChildProgram(Arena arena) {
        this.arena = arena;
    }

    /** For what arguments point to. */
    Arena arena() {
        return arena;
    }

    /** A vector of texts, as execve(2) takes them. */
    MemorySegment vector(List<byte[]> texts) {
        MemorySegment vector = arena.allocate(ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            vector.setAtIndex(ADDRESS, i, Environ.text(arena, texts.get(i)));
        }
        return vector;
    }

    /** A call whose failure does not matter. */
    void attempt(int number, long... arguments) {
        require(NONE, number, arguments);
    }

    /** A call that must give {@code least} or more. */
    void require(long least, int number, long... arguments) {
        long[] call = new long[7];
        call[0] = number;
        System.arraycopy(arguments, 0, call, 1, arguments.length);
        steps.add(new Step(least, call));
    }

    /**
     * Makes the child; the last step must be one that it does not return from.
     *
     * @throws SyscallException when no process could be made
     */
    int start() {
        memory = arena.allocate(HEADER_BYTES + steps.size() * STEP_BYTES, 16);
        MemorySegment stack = arena.allocate(STACK_BYTES, 16);
        memory.setAtIndex(JAVA_LONG, 0, Uapi.CLONE_VM() | Uapi.SIGCHLD());
        memory.setAtIndex(JAVA_LONG, 1, stack.address() + STACK_BYTES);
        memory.setAtIndex(JAVA_LONG, 2, -1);
        for (int i = 0; i < steps.size(); i++) {
            long at = HEADER_BYTES + i * STEP_BYTES;
            MemorySegment.copy(MemorySegment.ofArray(steps.get(i).call), 0, memory, at, 7 * Long.BYTES);
            memory.set(JAVA_LONG, at + RESULT_OFFSET, NONE);
            memory.set(JAVA_LONG, at + RESULT_OFFSET + Long.BYTES, steps.get(i).least);
        }
        long pid = ChildCode.run(memory);
        if (pid < 0) {
            throw new SyscallException("clone", pid, "start the command");
        }
        return (int) pid;
    }

    /** With what errno the last call failed; 0 when it did not, or was not reached. Once the child has made it or has ended. */
    int lastErrno() {
        long result = memory.get(JAVA_LONG, HEADER_BYTES + (steps.size() - 1) * STEP_BYTES + RESULT_OFFSET);
        return result == NONE ? 0 : (int) -result;
    }
}
