package ktrace.linux.child;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import ktrace.linux.Native;
import ktrace.linux.Processes;
import ktrace.linux.Signals;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * A command that has been started and waits just before its exec until it is let go, so that tracing is on when its program
 * begins.
 *
 * <pre>
 *   ktrace                        child
 *     │ clone                       │ close what is not handed down, put signals and limits back
 *     │                             │ read a byte from a pipe ── end of file: ktrace is gone ──► exit
 *     │ write the byte ────────────►│
 *     │ read from another pipe      │ execve, which closes that pipe
 * </pre>
 *
 * It waits for a byte that only ktrace can write: however ktrace ends before, the kernel closes the pipe, the child reads its end
 * and exits, and the command never runs untraced. No helper program comes between: argv, environment, working directory, process
 * group and terminal are those that a shell would have given. Signals that come meanwhile wait until the exec.
 */
public final class HeldProcess implements AutoCloseable {
    /** What {@link #release} gives for a child that ended in between, by a signal. */
    public static final int ENDED = -1;

    private static final int STDERR = 2;
    private static final long STEP_NS = 200_000;
    /** How long a command that Ctrl-C has reached as well is given to end, so that its exit status is known. */
    private static final long PARTING_NS = 300_000_000;
    /** PF_FORKNOEXEC of include/linux/sched.h, in the field {@code flags} of proc_pid_stat(5). */
    private static final long FORKED_AND_NOT_EXECED = 0x40;

    private final ChildProgram program = new ChildProgram(Arena.ofAuto());
    private final Syscalls.Pipe gate;
    private final Syscalls.Pipe exec;
    private final int pid;
    private String file;
    private boolean released;

    /**
     * Starts the command and holds it.
     *
     * @param argv program, found along PATH, and its arguments: bytes without NUL, as the user typed them
     * @throws SyscallException when no process could be made
     */
    public HeldProcess(byte[][] argv) throws IOException {
        TreeSet<Integer> kept = new TreeSet<>(OwnDescriptors.closeOnExec());
        gate = Syscalls.pipe();
        exec = Syscalls.pipe();
        kept.addAll(List.of(gate.readEnd().number(), exec.writeEnd().number()));
        boolean started = false;
        try {
            compose(argv, kept);
            pid = program.start();
            started = true;
        } finally {
            gate.readEnd().close();
            exec.writeEnd().close();
            if (!started) {
                gate.close();
                exec.close();
            }
        }
    }

    private void compose(byte[][] argv, TreeSet<Integer> kept) throws IOException {
        Arena arena = program.arena();
        // Without it, end of file would never come.
        program.require(0, Syscalls.CLOSE, gate.writeEnd().number());
        Heritage heritage = new Heritage(program);
        Heritage.closeAllBut(program, STDERR + 1, kept);
        heritage.restoreNice();
        heritage.restoreHandlers();
        heritage.restoreOpenFilesLimit();
        byte[] path = Environ.current().find(argv[0]);
        file = new String(path, StandardCharsets.UTF_8);
        MemorySegment words = program.vector(Arrays.asList(argv));
        MemorySegment environment = program.vector(Environ.current().entries());
        program.require(1, Syscalls.number("read"), gate.readEnd().number(), arena.allocate(JAVA_BYTE).address(), 1);
        heritage.unblockSignals();
        program.require(0, Syscalls.number("execve"), Environ.text(arena, path).address(), words.address(), environment.address());
    }

    /** What is or was to be executed, as it was found along PATH. */
    public String file() {
        return file;
    }

    /** The number it has now and keeps through the exec. */
    public int pid() {
        return pid;
    }

    /**
     * Lets it go on to its exec.
     *
     * @return 0, or the errno with which the exec failed, ENOENT when there is no such program, or {@link #ENDED}: the process is
     *     gone then
     */
    public int release() {
        released = true;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment scratch = arena.allocate(JAVA_INT);
            // EPIPE says that it is gone: so does what follows.
            Native.syscall(Syscalls.number("write"), gate.writeEnd().number(), scratch.address(), 1);
            while (Native.syscall(Syscalls.number("read"), exec.readEnd().number(), scratch.address(), 1) == -Uapi.EINTR()) {
                Thread.onSpinWait();
            }
        }
        gate.close();
        exec.close();
        int errno = program.lastErrno();
        return errno == 0 && !hasExeced() ? ENDED : errno;
    }

    private boolean hasExeced() {
        try {
            return (statField(pid, 9) & FORKED_AND_NOT_EXECED) == 0;
        } catch (IOException e) {
            // Somebody has waited for it already.
            return true;
        }
    }

    /**
     * Its wait status, wait(2), when it has ended or does so within a moment; empty when it runs on.
     */
    public OptionalInt exitedWith() {
        long giveUpNs = System.nanoTime() + PARTING_NS;
        OptionalInt status = Processes.poll(pid);
        while (status.isEmpty() && System.nanoTime() < giveUpNs) {
            LockSupport.parkNanos(STEP_NS);
            status = Processes.poll(pid);
        }
        return status;
    }

    /** Ends it when it was never released. */
    @Override
    public void close() {
        if (!released) {
            Processes.kill(pid, Uapi.SIGKILL());
            gate.close();
            exec.close();
        }
    }

    /** Field {@code number} of proc_pid_stat(5), from the third on. */
    static long statField(int pid, int number) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[number - 3]);
    }
}
