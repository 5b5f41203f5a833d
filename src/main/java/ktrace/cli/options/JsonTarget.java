package ktrace.cli.options;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import ktrace.linux.files.FileErrors;
import ktrace.linux.terminal.StandardStream;

/** Where JSON goes: standard output, or a new file that only its owner can read, never through a symbolic link. */
public final class JsonTarget {
    private JsonTarget() {
    }

    /** Tells in one line when nothing may be written there; makes and removes nothing. */
    public static void check(String target, boolean force) {
        if (target.equals("-")) {
            return;
        }
        Path file = Path.of(target);
        refuseExisting(file, force);
        Path directory = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            throw UserError.failed("cannot write " + target + ": its directory does not exist");
        }
        if (!Files.isWritable(directory)) {
            throw UserError.failed("cannot write " + target + ": permission denied");
        }
    }

    /** What is no plain file is never overwritten, and what is one only by force. */
    public static void refuseExisting(Path file, boolean force) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            if (!force) {
                throw UserError.failed(file + " exists; choose another name, or overwrite it with --force");
            }
        } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw UserError.failed(file + " exists and is no plain file; choose another name");
        }
    }

    public static OutputStream open(String target, boolean force) {
        if (target.equals("-")) {
            return StandardStream.output();
        }
        check(target, force);
        Path file = Path.of(target);
        try {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                // A new file under the name, so that permissions and hard links of the old one do not matter.
                Files.delete(file);
            }
            Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return java.nio.channels.Channels.newOutputStream(Files.newByteChannel(file, options,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
        } catch (FileAlreadyExistsException e) {
            throw UserError.failed(target + " has come to be there just now; choose another name");
        } catch (IOException e) {
            throw UserError.failed("cannot write " + target + ": " + FileErrors.reason(e));
        }
    }
}
