package ktrace.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A control group of the machine with a quota, of version 1 or 2; skips the test where none can be made. */
record QuotaGroup(Path directory, String name) implements AutoCloseable {
    private static final Path TOP = Path.of("/sys/fs/cgroup");

    static QuotaGroup make(long quotaUs, long periodUs) throws IOException {
        Path first = TOP.resolve("cpu");
        boolean isFirst = Files.exists(first.resolve("cpu.cfs_quota_us"));
        String name = "/ktrace-test-" + ProcessHandle.current().pid();
        QuotaGroup group = new QuotaGroup(Path.of((isFirst ? first : TOP) + name), name);
        try {
            Files.createDirectory(group.directory);
        } catch (IOException e) {
            assumeTrue(false, () -> "no control group can be made here: " + e);
        }
        if (isFirst) {
            Files.writeString(group.directory.resolve("cpu.cfs_period_us"), Long.toString(periodUs));
            Files.writeString(group.directory.resolve("cpu.cfs_quota_us"), Long.toString(quotaUs));
        } else if (Files.exists(group.directory.resolve("cpu.max"))) {
            Files.writeString(group.directory.resolve("cpu.max"), quotaUs + " " + periodUs);
        } else {
            Files.delete(group.directory);
            assumeTrue(false, "the controller cpu is not given to groups here");
        }
        return group;
    }

    /** Whoever writes its number there enters. */
    Path procs() {
        return directory.resolve("cgroup.procs");
    }

    @Override
    public void close() throws IOException {
        // Whoever has just ended may still be in it for a moment.
        for (int tries = 0; tries < 100 && !Files.readString(procs()).isEmpty(); tries++) {
            RunningProgram.sleep(Duration.ofMillis(20));
        }
        Files.delete(directory);
    }
}
