package ktrace.cli.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import ktrace.cli.options.JsonTarget;
import ktrace.cli.options.Notice;
import ktrace.cli.options.UserError;
import ktrace.linux.ShutdownHook;
import ktrace.linux.files.FileErrors;
import ktrace.linux.terminal.StandardStream;

/**
 * What an export is written to: standard output, or a file that comes under its name when it is whole. Until then it has another
 * name in the same directory, open to its owner alone and never reached through a symbolic link, so that an export that fails
 * neither costs what was there nor leaves a part of itself behind.
 */
public final class ExportFile implements AutoCloseable {
    public static final String UNFINISHED = ".ktrace-export-";
    private static final int BUFFER_BYTES = 1 << 16;

    private final String name;
    /** Null for standard output. */
    private final Path target;
    private final Path unfinished;
    private final boolean force;
    private final OutputStream stream;
    private volatile boolean whole;

    private ExportFile(String name, Path target, Path unfinished, boolean force, OutputStream out) {
        this.name = name;
        this.target = target;
        this.unfinished = unfinished;
        this.force = force;
        stream = new BufferedOutputStream(out, BUFFER_BYTES);
    }

    /**
     * Begins it.
     *
     * @param name where to; {@code -}: standard output
     * @param force put it in the place of a plain file that is there
     */
    public static ExportFile open(String name, boolean force) {
        ExportFile file = openAtEnd(name, force);
        // Ctrl-C ends the JVM without close().
        if (!file.isStandardOutput() && !ShutdownHook.add("ktrace-export-exit", file::close)) {
            file.close();
            throw UserError.failed("cannot write " + name + ": ktrace was to end before");
        }
        return file;
    }

    private boolean isStandardOutput() {
        return target == null;
    }

    /** The same where somebody else sees to it that the JVM does not end before it is written, or where that ends already. */
    public static ExportFile openAtEnd(String name, boolean force) {
        if (name.equals("-")) {
            return new ExportFile("to standard output", null, null, force, StandardStream.output());
        }
        Path target = Path.of(name);
        JsonTarget.check(name, force);
        Path unfinished = target.resolveSibling(UNFINISHED + HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
        try {
            OutputStream out = Channels.newOutputStream(Files.newByteChannel(unfinished,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
            return new ExportFile(name, target, unfinished, force, out);
        } catch (IOException e) {
            throw UserError.failed("cannot write " + name + ": " + FileErrors.reason(e));
        }
    }

    /** What is to be written to, and not closed. */
    public OutputStream stream() {
        return stream;
    }

    /** All is written: gives the file its name. */
    public void finish() throws IOException {
        stream.flush();
        if (target == null) {
            return;
        }
        stream.close();
        JsonTarget.refuseExisting(target, force);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        whole = true;
    }

    public UserError cannotWrite(IOException e) {
        return UserError.failed("cannot write " + name + ": " + FileErrors.reason(e)
                + (target == null ? "; what is there of it is not whole" : ""));
    }

    /** Removes what has not become whole. */
    @Override
    public void close() {
        if (target == null || whole) {
            return;
        }
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            Notice.tell("cannot remove " + unfinished + ", which is not whole: " + FileErrors.reason(e));
        }
    }
}
