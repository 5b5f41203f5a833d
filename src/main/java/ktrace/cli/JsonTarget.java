package ktrace.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import ktrace.linux.FileErrors;
import ktrace.linux.StandardStream;

/** Where JSON goes: standard output, or a new file that only its owner can read, never through a symbolic link. */
final class JsonTarget {
    private JsonTarget() {
    }

    static OutputStream open(String target, boolean force) {
        if (target.equals("-")) {
            return StandardStream.output();
        }
        Path file = Path.of(target);
        try {
            if (force && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                // A new file under the name, so that permissions and hard links of the old one do not matter.
                Files.delete(file);
            }
            Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return java.nio.channels.Channels.newOutputStream(Files.newByteChannel(file, options,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
        } catch (FileAlreadyExistsException e) {
            throw UserError.failed(target + " exists" + (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? "; choose another name, or overwrite it with --force" : " and is no plain file; choose another name"));
        } catch (NoSuchFileException e) {
            throw UserError.failed("cannot write " + target + ": its directory does not exist");
        } catch (IOException e) {
            throw UserError.failed("cannot write " + target + ": " + FileErrors.reason(e));
        }
    }
}
