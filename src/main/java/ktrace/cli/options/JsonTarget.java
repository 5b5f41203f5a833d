package ktrace.cli.options;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ktrace.linux.Processes;
import ktrace.linux.files.FileErrors;
import ktrace.linux.terminal.StandardStream;

/**
 * Where JSON or a log goes: standard output, a new file that only its owner can read, never through a symbolic link, or what is no
 * file and can only be written to: a descriptor that ktrace was started with, as a shell's {@code >(...)} is, a FIFO, /dev/null.
 */
public final class JsonTarget {
    /** How descriptors of one's own are called. */
    private static final Pattern DESCRIPTOR = Pattern.compile("/dev/fd/(\\d{1,6})|/proc/self/fd/(\\d{1,6})|/dev/std(out|err)");

    private JsonTarget() {
    }

    /** Tells in one line when nothing may be written there; makes and removes nothing. */
    public static void check(String target, boolean force) {
        if (isStandardOutput(target)) {
            return;
        }
        if (descriptor(target) >= 0) {
            if (!Files.exists(Path.of("/proc/self/fd/" + descriptor(target)))) {
                throw UserError.failed("cannot write " + target + ": ktrace was started without that descriptor");
            }
            return;
        }
        Path file = Path.of(target);
        if (isStream(file)) {
            checkOwner(file);
            return;
        }
        refuseExisting(file, force);
        Path directory = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            throw UserError.failed("cannot write " + target + ": its directory does not exist");
        }
        if (!Files.isWritable(directory)) {
            throw UserError.failed("cannot write " + target + ": " + (isReadOnly(directory) ? "its file system is read-only"
                    : "permission denied"));
        }
    }

    private static boolean isReadOnly(Path directory) {
        try {
            return Files.getFileStore(directory).isReadOnly();
        } catch (IOException e) {
            return false;
        }
    }

    private static int descriptor(String target) {
        Matcher matcher = DESCRIPTOR.matcher(target);
        if (!matcher.matches()) {
            return -1;
        }
        String number = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return number != null ? Integer.parseInt(number) : matcher.group(3).equals("out") ? 1 : 2;
    }

    /** A FIFO or a device: what is there already stays as it is. */
    private static boolean isStream(Path file) {
        try {
            return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther();
        } catch (IOException e) {
            return false;
        }
    }

    /** What another user has put there may be for him to read. */
    private static void checkOwner(Path file) {
        try {
            int owner = (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            if (owner != 0 && owner != Processes.geteuid()) {
                throw UserError.failed(file + " is another user's; choose another name");
            }
        } catch (IOException e) {
            throw UserError.failed("cannot write " + file + ": " + FileErrors.reason(e));
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

    private static boolean isStandardOutput(String target) {
        return target.equals("-") || target.equals(SummaryOptions.ANYWHERE);
    }

    public static OutputStream open(String target, boolean force) {
        if (isStandardOutput(target)) {
            return StandardStream.output();
        }
        check(target, force);
        if (descriptor(target) >= 0) {
            return StandardStream.of(descriptor(target));
        }
        Path file = Path.of(target);
        try {
            if (isStream(file)) {
                return Files.newOutputStream(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            }
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
