package ktrace.cli.targets;

import java.nio.file.Files;
import java.nio.file.Path;
import ktrace.cli.options.ExitStatus;
import ktrace.linux.Errno;
import ktrace.linux.uapi.Uapi;

/** Why the kernel did not run a program, and what would help, as a phrase. */
public final class ExecRefusal {
    private ExecRefusal() {
    }

    /** @param program where it was looked for last */
    public static String reason(String program, int errno) {
        String interpreter = MissingInterpreter.of(program, errno);
        if (interpreter != null) {
            return "it is there, but " + interpreter + " is not, which is to run it; install that";
        }
        Path file = Path.of(program);
        if (errno == Uapi.EACCES() && Files.isDirectory(file)) {
            return "it is a directory";
        }
        if (errno == Uapi.EACCES() && Files.isRegularFile(file) && !Files.isExecutable(file)) {
            return "it may not be executed; chmod +x it, or write the program before it that is to run it";
        }
        String error = Errno.describe(errno);
        if (errno == Uapi.ENOEXEC()) {
            return error + "; a script needs a first line like #!/bin/sh, or write sh before it";
        }
        return error + (ExitStatus.ofExecError(errno) == ExitStatus.NOT_FOUND ? "; is it installed, and in PATH?" : "");
    }
}
