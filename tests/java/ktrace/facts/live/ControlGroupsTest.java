package ktrace.facts.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ktrace.facts.ObjectSource.Quota;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Control groups of both versions, as files. */
class ControlGroupsTest {
    private static final int PID = 12;
    @TempDir
    private Path top;
    private Path proc;
    private Path groups;

    @BeforeEach
    void make() throws IOException {
        proc = top.resolve("proc");
        groups = top.resolve("groups");
        Files.createDirectories(proc.resolve("self"));
        Files.createDirectories(proc.resolve("12"));
    }

    private void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void mounted(String root, String typeAndOptions) throws IOException {
        write(proc.resolve("self/mountinfo"), "22 21 0:5 / /proc rw shared:1 - proc proc rw\n36 35 0:30 " + root + " " + groups
                + " rw,relatime shared:9 - " + typeAndOptions + "\n");
    }

    private void in(String line) throws IOException {
        write(proc.resolve("12/cgroup"), "8:memory:/elsewhere\n" + line + "\n");
    }

    private Quota quota() {
        return new ControlGroups(new ProcFs(proc.toString())).quota(PID);
    }

    @Test
    void version1() throws IOException {
        mounted("/", "cgroup cgroup rw,cpu,cpuacct");
        in("4:cpu,cpuacct:/a/b");
        write(groups.resolve("a/b/cpu.cfs_quota_us"), "20000\n");
        write(groups.resolve("a/b/cpu.stat"), "nr_periods 9\nnr_throttled 4\nthrottled_time 1234567\n");
        assertEquals(new Quota("/a/b", 1234567), quota());
    }

    @Test
    void version2() throws IOException {
        mounted("/", "cgroup2 cgroup2 rw,nsdelegate");
        in("0::/a/b");
        write(groups.resolve("a/b/cpu.max"), "20000 100000\n");
        write(groups.resolve("a/b/cpu.stat"), "usage_usec 5\nnr_periods 9\nnr_throttled 4\nthrottled_usec 1234\n");
        assertEquals(new Quota("/a/b", 1_234_000), quota());
    }

    @Test
    void anOuterGroupBindsThoseWithinIt() throws IOException {
        mounted("/", "cgroup2 cgroup2 rw");
        in("0::/a/b");
        write(groups.resolve("a/cpu.max"), "20000 100000\n");
        write(groups.resolve("a/cpu.stat"), "throttled_usec 9\n");
        write(groups.resolve("a/b/cpu.max"), "max 100000\n");
        write(groups.resolve("a/b/cpu.stat"), "throttled_usec 0\n");
        assertEquals(new Quota("/a", 9000), quota());
    }

    /** A container sees a part of the groups, and says of its own where in all of them they are. */
    @Test
    void aPartOfTheGroupsIsMounted() throws IOException {
        mounted("/docker/1", "cgroup cgroup rw,cpu");
        in("4:cpu:/docker/1/b");
        write(groups.resolve("b/cpu.cfs_quota_us"), "20000\n");
        write(groups.resolve("b/cpu.stat"), "throttled_time 5\n");
        assertEquals(new Quota("/docker/1/b", 5), quota());
    }

    @Test
    void thereIsNone() throws IOException {
        mounted("/", "cgroup cgroup rw,cpu");
        in("4:cpu:/a");
        write(groups.resolve("a/cpu.cfs_quota_us"), "-1\n");
        write(groups.resolve("a/cpu.stat"), "throttled_time 5\n");
        assertEquals(Quota.NONE, quota());
        in("4:cpu:/../a");
        assertEquals(Quota.NONE, quota());
        mounted("/", "tmpfs tmpfs rw");
        assertEquals(Quota.NONE, quota());
    }

    @Test
    void theProcessIsGone() {
        assertNull(quota());
    }
}
