package ktrace.ctf.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import ktrace.ctf.CtfException;
import ktrace.ctf.TraceFileNames;
import ktrace.linux.Errno;
import ktrace.linux.FileDescriptor;
import ktrace.linux.Processes;
import ktrace.linux.SyscallException;
import ktrace.linux.files.Directories;
import ktrace.linux.files.FileErrors;
import ktrace.linux.uapi.Uapi;

/**
 * A trace on disk while it is written: {@code DIR/kernel/{metadata,cpu_0,…}}, open to its owner alone, every file new and reached
 * through the directory that was opened first, never through a symbolic link.
 *
 * <p>A file that cannot grow is cut back to its last whole packet, and from then on nothing is written: the trace stays readable.
 */
final class TraceDirectory implements PacketSink, AutoCloseable {
    static final String KERNEL = "kernel";
    private static final int DIRECTORY_MODE = 0700;
    private static final int FILE_MODE = 0600;

    /** What is open for one file; its thread alone appends. */
    private static final class Growing {
        final FileDescriptor fd;
        long sizeBytes;

        Growing(FileDescriptor fd) {
            this.fd = fd;
        }
    }

    private final String path;
    private final FileDescriptor kernel;
    private final Map<String, Growing> files = new HashMap<>();
    private final Consumer<String> trouble;
    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong missingBytes = new AtomicLong();
    private boolean discarded;

    private TraceDirectory(String path, FileDescriptor kernel, Consumer<String> trouble) {
        this.path = path;
        this.kernel = kernel;
        this.trouble = trouble;
    }

    /**
     * Makes the directory and its files; or nothing, when one of them cannot be made.
     *
     * @param force replace a trace that is there already; nothing but a trace of ktrace's that belongs to the caller
     * @param fileNames the files of packets
     * @param trouble told once, in one line, when something could not be written
     * @throws CtfException when it cannot be made, in one line
     */
    static TraceDirectory create(String path, boolean force, List<String> fileNames, Consumer<String> trouble) {
        try {
            return force && Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)
                    ? filled(path, emptied(path), fileNames, trouble) : fresh(path, fileNames, trouble);
        } catch (SyscallException e) {
            throw new CtfException(why(path, e));
        } catch (IOException e) {
            throw new CtfException("cannot look into " + path + ": " + FileErrors.reason(e));
        }
    }

    private static String why(String path, SyscallException e) {
        if (e.errno() == Uapi.EEXIST()) {
            return path + " exists; choose another directory, or overwrite a trace with --force";
        }
        if (e.errno() == Uapi.ENOENT()) {
            return "cannot make " + path + ": the directory that it is to be in does not exist";
        }
        if (e.errno() == Uapi.ENOTDIR() || e.errno() == Uapi.ELOOP()) {
            return path + " is a link or no directory, and ktrace writes through no link; choose another directory";
        }
        return e.getMessage();
    }

    private static TraceDirectory fresh(String path, List<String> fileNames, Consumer<String> trouble) {
        FileDescriptor top = Directories.make(null, path, DIRECTORY_MODE);
        try (top) {
            FileDescriptor kernel = Directories.make(top, KERNEL, DIRECTORY_MODE);
            try {
                return filled(path, kernel, fileNames, trouble);
            } catch (SyscallException e) {
                throw takingBack(e, () -> Directories.removeEmpty(top, KERNEL));
            }
        } catch (SyscallException e) {
            throw takingBack(e, () -> Directories.removeEmpty(null, path));
        }
    }

    /** @param kernel where the files are made; closed when they cannot be */
    private static TraceDirectory filled(String path, FileDescriptor kernel, List<String> fileNames, Consumer<String> trouble) {
        TraceDirectory directory = new TraceDirectory(path, kernel, trouble);
        try {
            directory.add(TraceFileNames.METADATA);
            fileNames.forEach(directory::add);
            return directory;
        } catch (SyscallException e) {
            try (directory) {
                throw takingBack(e, () -> directory.files.keySet().forEach(name -> Directories.unlink(kernel, name)));
            }
        }
    }

    /** There will be no trace, so what was made of it goes; the first failure is the one to tell of. */
    private static SyscallException takingBack(SyscallException why, Runnable removal) {
        try {
            removal.run();
        } catch (SyscallException more) {
            why.addSuppressed(more);
        }
        return why;
    }

    /** The {@code kernel} directory of a trace that is there, without its files. */
    private static FileDescriptor emptied(String path) throws IOException {
        try (FileDescriptor top = Directories.open(null, path)) {
            List<String> names = list(top);
            if (owner(top) != Processes.geteuid()) {
                throw new CtfException(path + " belongs to another user: choose another directory");
            }
            if (!names.isEmpty() && !names.equals(List.of(KERNEL))) {
                throw new CtfException(path + " holds more than a trace: choose another directory");
            }
            Directories.chmod(top, DIRECTORY_MODE);
            if (names.isEmpty()) {
                return Directories.make(top, KERNEL, DIRECTORY_MODE);
            }
            FileDescriptor kernel = Directories.open(top, KERNEL);
            List<String> files = list(kernel);
            if (owner(kernel) != Processes.geteuid()
                    || !files.stream().allMatch(name -> name.matches("metadata|discoveries|cpu_\\d+"))) {
                kernel.close();
                throw new CtfException(path + " holds more than a trace of ktrace's: choose another directory");
            }
            Directories.chmod(kernel, DIRECTORY_MODE);
            files.forEach(name -> Directories.unlink(kernel, name));
            return kernel;
        }
    }

    private static List<String> list(FileDescriptor directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(held(directory))) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return names;
    }

    private static int owner(FileDescriptor directory) throws IOException {
        return (Integer) Files.getAttribute(held(directory), "unix:uid");
    }

    /** The very directory that is open, whatever its name leads to meanwhile. */
    private static Path held(FileDescriptor directory) {
        return Path.of("/proc/self/fd/" + directory.number() + "/.");
    }

    private void add(String name) {
        files.put(name, new Growing(Directories.create(kernel, name, FILE_MODE)));
    }

    @Override
    public void metadata(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            append(TraceFileNames.METADATA, arena.allocateFrom(ValueLayout.JAVA_BYTE, utf8), utf8.length);
        }
    }

    @Override
    public void packet(String file, MemorySegment packet, long sizeBytes) {
        append(file, packet, sizeBytes);
    }

    private void append(String name, MemorySegment content, long sizeBytes) {
        if (broken.get()) {
            missingBytes.addAndGet(sizeBytes);
            return;
        }
        Growing file = files.get(name);
        int errno = Directories.write(file.fd, content, sizeBytes);
        if (errno == 0) {
            file.sizeBytes += sizeBytes;
            bytes.addAndGet(sizeBytes);
            return;
        }
        missingBytes.addAndGet(sizeBytes);
        int cut = Directories.truncate(file.fd, file.sizeBytes);
        if (broken.compareAndSet(false, true)) {
            trouble.accept("recording to " + path + " stops: " + Errno.describe(errno) + (cut == 0
                    ? "; what was written stays readable" : "; and the last packet could not be taken back: "
                    + Errno.describe(cut)));
        }
    }

    /** Whether recording stopped because something could not be written. */
    @Override
    public boolean isBroken() {
        return broken.get();
    }

    /** What could not be written since. */
    long missingBytes() {
        return missingBytes.get();
    }

    /** Nothing was recorded: has {@link #close} take the directory away again. */
    void discard() {
        discarded = true;
    }

    /** What was written so far, in all files. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public void close() {
        if (discarded) {
            files.keySet().forEach(name -> Directories.unlink(kernel, name));
        }
        files.values().forEach(file -> file.fd.close());
        kernel.close();
        if (discarded) {
            try (FileDescriptor top = Directories.open(null, path)) {
                Directories.removeEmpty(top, KERNEL);
            }
            Directories.removeEmpty(null, path);
        }
    }
}
