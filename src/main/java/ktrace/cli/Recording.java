package ktrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import ktrace.ctf.CtfException;
import ktrace.ctf.CtfRecording;
import ktrace.ctf.TraceEnvironment;
import ktrace.event.EventSource;
import ktrace.system.Targets;
import ktrace.tracefs.TraceFs;

/** Makes the recording that {@code -o} asks for, with what it says of this machine. */
final class Recording {
    private Recording() {
    }

    /**
     * Begins it.
     *
     * @param directory where; null: nothing is recorded, and this gives null
     */
    static CtfRecording open(String directory, boolean force, EventSource source, Scope scope, Targets targets, TraceFs tracefs) {
        if (directory == null) {
            return null;
        }
        TraceEnvironment environment = new TraceEnvironment(source.name(), SummaryAudience.shardCount(), Version.number(),
                kernel("hostname"), kernel("osrelease"), kernel("version"), machine(), realtimeOffsetNs(), scope.text(), targets);
        try {
            return CtfRecording.create(directory, force, environment, source.cpus(), name -> tracefs.format("syscalls", name),
                    LiveTrace::notice);
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

    /** The two clocks cannot be read at once: the reading that took least time is nearest to the truth. */
    private static long realtimeOffsetNs() {
        long offset = 0;
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long before = System.nanoTime();
            Instant now = Instant.now();
            long after = System.nanoTime();
            if (after - before < shortest) {
                shortest = after - before;
                offset = now.getEpochSecond() * 1_000_000_000 + now.getNano() - (before + (after - before) / 2);
            }
        }
        return offset;
    }
}
