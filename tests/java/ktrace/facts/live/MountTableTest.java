package ktrace.facts.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTableTest {
    private static final int PID = 42;

    @TempDir
    private Path root;
    private MountTable mounts;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectory(root.resolve("42"));
        Files.writeString(root.resolve("42/mountinfo"), """
                21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
                22 21 0:20 / /proc rw - proc proc rw
                23 21 0:39 / /mnt/a\\040b rw,nosuid - fuse.sshfs host: rw,user_id=0
                24 23 0:40 / /mnt/a\\040b/in rw - tmpfs tmpfs rw
                25 21 8:17 / /media rw - fuseblk /dev/sdb1 rw
                26 22 0:30 / /proc/fs rw - fusectl fusectl rw
                27 21 0:50 / /net rw - nfs4 host:/ rw
                a line that is none
                """);
        mounts = new MountTable(new ProcFs(root.toString()));
    }

    @Test
    void aMountIsKnownByItsId() {
        assertTrue(mounts.isLocal(PID, 21));
        assertTrue(mounts.isLocal(PID, 26), "fusectl is the kernel's own");
        assertFalse(mounts.isLocal(PID, 23));
        assertFalse(mounts.isLocal(PID, 27));
        assertTrue(mounts.isInternal(PID, 99));
        assertEquals(39, mounts.mount(PID, 23).device());
        assertEquals(8 << 20 | 17, mounts.mount(PID, 25).device());
        assertTrue(mounts.mount(PID, 25).isFuse());
        assertFalse(mounts.mount(PID, 27).isFuse(), "another machine serves it");
    }

    @Test
    void aPathLeadsIntoTheDeepestMount() {
        assertEquals("fuse.sshfs", mounts.at(PID, "/mnt/a b/f").type());
        assertEquals("fuse.sshfs", mounts.at(PID, "/mnt/a b").type());
        assertEquals("tmpfs", mounts.at(PID, "/mnt/a b/in/f").type());
        assertEquals("fuse.sshfs", mounts.at(PID, "/mnt/a b/inner").type());
        assertEquals("ext4", mounts.at(PID, "/mnt").type());
        assertEquals("", mounts.at(7, "/mnt").type(), "nobody");
    }

    @Test
    void aDeviceIsMountedSomewhere() {
        assertEquals("/mnt/a b", mounts.pointOf(PID, 39));
        assertEquals(null, mounts.pointOf(PID, 77));
    }
}
