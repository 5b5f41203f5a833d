package ktrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import ktrace.cli.options.Notice;
import ktrace.cli.options.Scope;
import ktrace.cli.options.UserError;
import ktrace.ctf.CtfException;
import ktrace.ctf.TraceEnvironment;
import ktrace.ctf.write.CtfRecording;
import ktrace.event.EventSource;
import ktrace.system.Targets;
import ktrace.tracefs.TracepointFormat;

/** Makes the recording that {@code -o} asks for, with what it says of this machine. */
final class Recording {
    /** A recording says into how many parts the aggregates are divided: an older ktrace divides them alike. */
    private static final int SHARDS = 1;

    private Recording() {
    }

    /**
     * Begins it.
     *
     * @param directory where; null: nothing is recorded, and this gives null
     * @param flightBytes how much is kept in memory until it is asked for; 0: everything is written as it comes
     */
    static CtfRecording open(String directory, boolean force, long flightBytes, EventSource source, Scope scope, Targets targets,
            Function<String, TracepointFormat> formats) {
        if (directory == null) {
            return null;
        }
        if (directory.isEmpty()) {
            throw UserError.usage("-o wants the name of a directory to make");
        }
        TraceEnvironment environment = new TraceEnvironment(source.name(), source.capabilities(),
                SHARDS, Version.number(),
                kernel("hostname"), kernel("osrelease"), kernel("version"), machine(), WallClock.realtimeOffsetNs(), scope.text(),
                flightBytes == 0 ? targets : targets.withThoseTold());
        try {
            return flightBytes == 0
                    ? CtfRecording.create(directory, force, environment, source.cpus(), formats, Notice::tell)
                    : CtfRecording.flight(directory, force, environment, source.cpus(), formats, flightBytes, Notice::tell);
        } catch (CtfException e) {
            throw UserError.failed(e.getMessage());
        }
    }

    private static String kernel(String file) {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/" + file)).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** As uname(2) calls it. */
    private static String machine() {
        String arch = System.getProperty("os.arch");
        return arch.equals("amd64") ? "x86_64" : arch;
    }
}
