package ktrace.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import ktrace.linux.uapi.Uapi;

/**
 * A command that has been started and waits just before its exec until it is let go, so that tracing is on when its program
 * begins.
 *
 * <p>A JVM cannot fork by itself. posix_spawn(3) can, and it carries out "file actions" in the child before the exec: the first
 * of ours opens a FIFO for reading, and that waits until somebody opens it for writing. No helper program comes between: argv,
 * environment, working directory, process group and terminal are those that a shell would have given. posix_spawn itself
 * returns only after the exec (the child is a vfork), so it runs on a thread of its own.
 *
 * <p>What the JVM changed of what a child inherits is put back: the signal mask, and the soft limit on open files, which a
 * JVM raises at its start.
 */
public final class HeldProcess implements AutoCloseable {
    private static final long STEP_NS = 200_000;
    private static final long PATIENCE_NS = 5_000_000_000L;
    /** How long a command that Ctrl-C has reached as well is given to end, so that its exit status is known. */
    private static final long PARTING_NS = 300_000_000;

    private final Path directory;
    private final Path fifo;
    private final Thread spawner;
    private final int pid;
    private volatile int spawnErrno = -1;
    private boolean released;

    /**
     * Starts the command and holds it.
     *
     * @param argv program, found along PATH, and its arguments: bytes without NUL, as the user typed them
     * @throws SyscallException when no process could be made
     */
    public HeldProcess(byte[][] argv) throws IOException {
        directory = Files.createTempDirectory("ktrace-");
        fifo = directory.resolve("go");
        try {
            Set<Integer> handedDown = OwnDescriptors.closeOnExec();
            Syscalls.mkfifo(fifo.toString(), 0600);
            Set<Integer> before = children();
            spawner = Thread.ofPlatform().daemon().name("ktrace-spawn").start(
                    () -> spawnErrno = PosixSpawn.spawn(argv, fifo.toString(), handedDown));
            pid = awaitChild(before);
            restoreOpenFilesLimit();
        } catch (RuntimeException e) {
            removeFiles();
            throw e;
        }
    }

    /** The number it has now and keeps through the exec. */
    public int pid() {
        return pid;
    }

    /**
     * Lets it go on to its exec.
     *
     * @return 0, or the errno with which the exec failed: ENOENT when there is no such program; the process is gone then
     */
    public int release() {
        released = true;
        long giveUpNs = System.nanoTime() + PATIENCE_NS;
        while (spawnErrno < 0) {
            try (FileDescriptor writer = Syscalls.openFifoForWriting(fifo.toString())) {
                if (writer != null) {
                    break;
                }
            }
            if (System.nanoTime() > giveUpNs) {
                throw new SyscallException("posix_spawn", Uapi.ETIMEDOUT(), "start the command", "");
            }
            LockSupport.parkNanos(STEP_NS);
        }
        while (spawnErrno < 0) {
            LockSupport.parkNanos(STEP_NS);
        }
        removeFiles();
        return spawnErrno;
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

    /** Kills it when it was never released. */
    @Override
    public void close() {
        if (!released) {
            Processes.kill(pid, Uapi.SIGKILL());
            removeFiles();
        }
    }

    private int awaitChild(Set<Integer> before) {
        long giveUpNs = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() < giveUpNs) {
            for (int child : children()) {
                if (!before.contains(child)) {
                    return child;
                }
            }
            if (spawnErrno >= 0) {
                throw new SyscallException("posix_spawn", spawnErrno, "start the command", "");
            }
            LockSupport.parkNanos(STEP_NS);
        }
        throw new SyscallException("posix_spawn", Uapi.ETIMEDOUT(), "start the command", "");
    }

    /** Every child of this process, by /proc/self/task/TID/children (proc(5)). */
    private static Set<Integer> children() {
        Set<Integer> found = new HashSet<>();
        String[] tids = new java.io.File("/proc/self/task").list();
        for (String tid : tids == null ? new String[0] : tids) {
            try {
                Arrays.stream(Files.readString(Path.of("/proc/self/task", tid, "children")).strip().split(" "))
                        .filter(text -> !text.isEmpty()).map(Integer::valueOf).forEach(found::add);
            } catch (IOException e) {
                // The thread has ended since; its children, had it any, are listed with another.
                continue;
            }
        }
        return found;
    }

    /** A JVM raises its own soft limit to the hard one; our parent still has what a command started beside us would get. */
    private void restoreOpenFilesLimit() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            long parent = Long.parseLong(stat.replaceFirst("(?s).*\\) . (\\d+) .*", "$1").strip());
            Processes.Limit ours = Processes.limit(0, Uapi.RLIMIT_NOFILE());
            Processes.Limit theirs = Processes.limit((int) parent, Uapi.RLIMIT_NOFILE());
            if (Long.compareUnsigned(theirs.soft(), ours.hard()) <= 0) {
                Processes.setLimit(pid, Uapi.RLIMIT_NOFILE(), new Processes.Limit(theirs.soft(), ours.hard()));
            }
        } catch (IOException | NumberFormatException | SyscallException e) {
            // Another user's parent cannot be asked. The command then runs with the higher limit, which no program minds.
            return;
        }
    }

    private void removeFiles() {
        fifo.toFile().delete();
        directory.toFile().delete();
    }
}
