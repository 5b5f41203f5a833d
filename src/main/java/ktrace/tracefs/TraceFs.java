package ktrace.tracefs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import ktrace.linux.Processes;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;

/** The mounted tracefs. */
public final class TraceFs {
    private static final Path MOUNT_POINT = Path.of("/sys/kernel/tracing");
    private static final List<Path> PLACES = List.of(MOUNT_POINT, Path.of("/sys/kernel/debug/tracing"));

    private final Path root;

    /** For a directory that holds {@code events/SYSTEM/NAME/format}. */
    public TraceFs(Path root) {
        this.root = root;
    }

    /**
     * Finds tracefs, and mounts it where the kernel made the place for it when it is not mounted and ktrace may.
     *
     * @param notice told in one line when something was mounted
     * @throws TracepointException when it is not there or may not be read, with what would help
     */
    public static TraceFs open(Consumer<String> notice) {
        for (Path place : PLACES) {
            if (Files.isDirectory(place.resolve("events/sched"))) {
                return new TraceFs(place);
            }
        }
        if (Processes.geteuid() != 0) {
            throw new TracepointException("cannot read the kernel's tracepoints: " + MOUNT_POINT
                    + " is not mounted, or not open to this user; run ktrace as root, or let root run"
                    + " 'mount -t tracefs tracefs " + MOUNT_POINT + "' and open it with -o gid=GROUP,mode=750");
        }
        try {
            Syscalls.mount("tracefs", MOUNT_POINT.toString(), "in a container, mount it on the host and bind it here");
        } catch (SyscallException e) {
            throw new TracepointException("cannot read the kernel's tracepoints: " + e.getMessage());
        }
        notice.accept("mounted tracefs at " + MOUNT_POINT);
        return new TraceFs(MOUNT_POINT);
    }

    /** The same for who can do without: where it is closed, {@link #format} says of each tracepoint that it cannot be read. */
    public static TraceFs openIfAllowed(Consumer<String> notice) {
        try {
            return open(notice);
        } catch (TracepointException closed) {
            return new TraceFs(MOUNT_POINT);
        }
    }

    /**
     * The layout of a tracepoint.
     *
     * @throws TracepointException when the kernel has no such tracepoint, or does not let it be read
     */
    public TracepointFormat format(String system, String name) {
        Path file = root.resolve("events").resolve(system).resolve(name).resolve("format");
        try {
            return FormatParser.parse(Files.readString(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new TracepointException("cannot use tracepoint " + system + ":" + name + ": this kernel has none ("
                    + file + "); it wants CONFIG_FTRACE_SYSCALLS and CONFIG_SCHED_TRACER or the like");
        } catch (AccessDeniedException e) {
            throw new TracepointException("cannot read " + file + ": permission denied; run ktrace as root, or let root"
                    + " open tracefs: mount -o remount,gid=GROUP,mode=750 " + MOUNT_POINT);
        } catch (IOException e) {
            throw new TracepointException("cannot read " + file + ": " + e.getMessage());
        }
    }
}
