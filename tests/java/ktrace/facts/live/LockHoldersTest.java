package ktrace.facts.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ktrace.facts.ObjectSource.Holder;
import ktrace.facts.ObjectSource.LockSort;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who holds locks of files, by what proc_locks(5) and proc_pid_fdinfo(5) say. */
class LockHoldersTest {
    private static final String LOCKS = """
            1: FLOCK  ADVISORY  WRITE 12 fd:00:500 0 EOF
            1: -> FLOCK  ADVISORY  WRITE 13 fd:00:500 0 EOF
            1:  -> FLOCK  ADVISORY  WRITE 14 fd:00:500 0 EOF
            2: POSIX  ADVISORY  READ  12 08:01:600 0 99
            3: POSIX  ADVISORY  WRITE 13 08:01:600 100 EOF
            3: -> POSIX  ADVISORY  WRITE 14 08:01:600 0 EOF
            4: OFDLCK ADVISORY  WRITE -1 00:2f:700 0 EOF
            4: -> OFDLCK ADVISORY  WRITE -1 00:2f:700 0 EOF
            5: LEASE  BREAKING  READ  13 08:01:800 0 EOF
            5: -> LEASE  BREAKING  READ  12 08:01:800 0 EOF
            6: DELEG  ACTIVE    READ 12 08:01:900 0 EOF
            """;

    @TempDir
    Path root;
    private LockHolders holders;

    @BeforeEach
    void locks() throws IOException {
        Files.writeString(root.resolve("locks"), LOCKS);
        holders = new LockHolders(new ProcFs(root.toString()));
        for (int pid = 12; pid <= 14; pid++) {
            Files.createDirectories(root.resolve(pid + "/fd"));
            Files.createDirectories(root.resolve(pid + "/fdinfo"));
            Files.writeString(root.resolve(pid + "/stat"), pid + " (p" + pid + ") S 1 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0");
        }
    }

    private void open(int pid, int fd, String path, long inode, String... locks) throws IOException {
        Files.createSymbolicLink(root.resolve(pid + "/fd/" + fd), Path.of(path));
        StringBuilder info = new StringBuilder("pos:\t0\nflags:\t02\nmnt_id:\t30\nino:\t" + inode + "\n");
        for (String lock : locks) {
            info.append("lock:\t").append(lock).append('\n');
        }
        Files.writeString(root.resolve(pid + "/fdinfo/" + fd), info);
    }

    private static Holder process(int pid, boolean isSole) {
        return new Holder(0, pid, "p" + pid, "", isSole);
    }

    @Test
    void aLockOfFcntlIsTheProcesssThatTookIt() throws IOException {
        open(14, 5, "/x", 600);
        assertEquals(process(13, true), holders.of(14, LockSort.POSIX, 5));
    }

    /** The numbers of inodes are a file system's own, and some tell the program others than the kernel uses. */
    @Test
    void whoWaitsForOneOnlyIsKnownByItsNumber() {
        assertEquals(process(13, true), holders.of(14, LockSort.POSIX, 5));
        assertEquals(process(13, true), holders.of(12, LockSort.LEASE, -1));
    }

    @Test
    void aLockOfFlockGoesWithTheOpenFile() throws IOException {
        open(12, 3, "/l", 500, "1: FLOCK  ADVISORY  WRITE 12 fd:00:500 0 EOF");
        open(13, 4, "/l", 500);
        open(14, 4, "/l", 500);
        assertEquals(process(12, true), holders.of(13, LockSort.FLOCK, 4));
        assertEquals(process(12, true), holders.of(14, LockSort.FLOCK, 4));
    }

    /** Its child has the file still, and with it the lock. */
    @Test
    void whoAskedForItMayHaveItNoMore() throws IOException {
        open(13, 4, "/l", 500);
        open(14, 4, "/l", 500, "1: FLOCK  ADVISORY  WRITE 12 fd:00:500 0 EOF");
        assertEquals(process(14, true), holders.of(13, LockSort.FLOCK, 4));
    }

    @Test
    void ofSeveralWhoHaveItAnyCanLetGo() throws IOException {
        open(12, 3, "/l", 500, "1: FLOCK  ADVISORY  WRITE 12 fd:00:500 0 EOF");
        open(13, 4, "/l", 500);
        open(14, 4, "/l", 500, "1: FLOCK  ADVISORY  WRITE 12 fd:00:500 0 EOF");
        assertEquals(process(12, false), holders.of(13, LockSort.FLOCK, 4));
    }

    /** Every file system counts its inodes by itself. */
    @Test
    void theSameInodeOnAnotherDeviceIsAnotherFile() throws IOException {
        open(14, 6, "/l", 700, "1: OFDLCK ADVISORY  WRITE -1 00:30:700 0 EOF");
        open(13, 4, "/l", 700);
        assertEquals(Holder.NOBODY, holders.of(13, LockSort.OFDLCK, 4));
        open(12, 6, "/l", 700, "1: OFDLCK ADVISORY  WRITE -1 00:2f:700 0 EOF");
        assertEquals(process(12, true), holders.of(13, LockSort.OFDLCK, 4));
    }

    @Test
    void ofOneThatNamesNobodyItIsLookedFor() throws IOException {
        open(13, 4, "/o", 700);
        open(14, 6, "/o", 700, "4: OFDLCK ADVISORY  WRITE -1 00:2f:700 0 EOF");
        assertEquals(process(14, true), holders.of(13, LockSort.OFDLCK, 4));
        Files.delete(root.resolve("14/fdinfo/6"));
        assertEquals(Holder.NOBODY, holders.of(13, LockSort.OFDLCK, 4));
    }

    @Test
    void whoHasEndedHoldsNothing() throws IOException {
        Files.delete(root.resolve("13/stat"));
        assertEquals(Holder.NOBODY, holders.of(14, LockSort.POSIX, 5));
    }

    @Test
    void whoIsNotSaidToWaitIsNotKnown() throws IOException {
        assertNull(holders.of(12, LockSort.POSIX, 5));
        assertNull(holders.of(13, LockSort.OFDLCK, 9));
        Files.delete(root.resolve("locks"));
        assertNull(holders.of(14, LockSort.POSIX, 5));
    }

    /** It waits for two, by two of its threads, and where is not known. */
    @Test
    void ofTwoNoneIsTaken() throws IOException {
        Files.writeString(root.resolve("locks"), LOCKS + "7: POSIX  ADVISORY  WRITE 12 08:01:601 0 EOF\n"
                + "7: -> POSIX  ADVISORY  WRITE 14 08:01:601 0 EOF\n");
        assertNull(holders.of(14, LockSort.POSIX, 5));
        open(14, 5, "/y", 601);
        assertEquals(process(12, true), holders.of(14, LockSort.POSIX, 5));
    }

    @Test
    void whatIsNoSuchLineIsPassedOver() {
        String text = "1: POSIX\n2: FLOCK ADVISORY WRITE x fd:00:1 0 EOF\n\n3: NOVEL ADVISORY WRITE 1 fd:00:1 0 EOF\n"
                + "4: FLOCK  ADVISORY  READ  7 fd:00:18446744073709551616 0 EOF\n";
        assertEquals(List.of(), LockLine.all(text.getBytes(StandardCharsets.US_ASCII)));
        assertEquals(List.of(), LockLine.all(null));
        assertEquals(List.of(), LockLine.ofDescriptor("pos:\t0\nlock:\n".getBytes(StandardCharsets.US_ASCII)));
    }
}
