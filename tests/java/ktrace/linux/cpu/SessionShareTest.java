package ktrace.linux.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ktrace.linux.Processes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionShareTest {
    private static final Path OWN = Path.of("/proc/self/autogroup");

    @TempDir
    private Path directory;

    private static String nice() throws IOException {
        String line = Files.readString(OWN).strip();
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private static void needsGroups() throws IOException {
        assumeTrue(Files.exists(OWN), "a kernel that makes a group of each session");
        assumeTrue(Processes.geteuid() == 0, "needs root, to come before others");
        assumeTrue(nice().equals("0"), "somebody has chosen a value for this session");
    }

    @AfterEach
    void calm() {
        new SessionShare().restore();
    }

    @Test
    void theSessionComesFirstUntilItIsRestored() throws IOException {
        needsGroups();
        try (SessionShare share = new SessionShare()) {
            share.raise();
            assertEquals("-12", nice());
            share.raise();
            share.restore();
            assertEquals("0", nice());
            share.raise();
        }
        assertEquals("0", nice());
    }

    /** At the end of the JVM the poller may still be behind. */
    @Test
    void onceClosedItIsRaisedNoMore() throws IOException {
        needsGroups();
        SessionShare share = new SessionShare();
        share.close();
        share.raise();
        assertEquals("0", nice());
    }

    @Test
    void whatAKilledOneHasLeftIsMendedByTheNext() throws IOException {
        needsGroups();
        new SessionShare().raise();
        try (SessionShare next = new SessionShare()) {
            next.raise();
            assertEquals("-12", nice());
        }
        assertEquals("0", nice());
    }

    @Test
    void whatSomebodyHasChosenStays() throws IOException {
        Path file = directory.resolve("autogroup");
        Files.writeString(file, "/autogroup-25 nice 5\n");
        try (SessionShare share = new SessionShare(file)) {
            share.raise();
            assertEquals("/autogroup-25 nice 5\n", Files.readString(file));
        }
        assertEquals("/autogroup-25 nice 5\n", Files.readString(file));
    }

    @Test
    void whereThereAreNoGroupsNothingChanges() {
        Path file = directory.resolve("none");
        try (SessionShare share = new SessionShare(file)) {
            share.raise();
        }
        assertFalse(Files.exists(file));
    }
}
