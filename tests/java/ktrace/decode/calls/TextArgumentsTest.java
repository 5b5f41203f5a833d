package ktrace.decode.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextArgumentsTest {
    @ParameterizedTest
    @CsvSource({"open, 0", "openat, 1", "openat2, 1", "creat, 0", "stat, 0", "newfstatat, 1", "statx, 1", "access, 0", "faccessat2, 1",
        "execve, 0", "execveat, 1", "unlink, 0", "unlinkat, 1", "rename, 0 1", "renameat2, 1 3", "link, 0 1", "symlinkat, 0 2",
        "mkdir, 0", "readlink, 0", "readlinkat, 1", "chdir, 0", "mount, 0 1", "umount2, 0", "setxattr, 0", "inotify_add_watch, 1",
        "fanotify_mark, 4", "mq_open, 0", "memfd_create, 0", "move_mount, 1 3", "statfs, 0", "truncate, 0", "utimensat, 1"})
    void paths(String call, String arguments) {
        TextArguments found = TextArguments.of(call);
        assertEquals(List.of(arguments.split(" ")), found.paths().stream().map(String::valueOf).toList());
        assertEquals(TextArguments.NONE, found.address());
    }

    @ParameterizedTest
    @CsvSource({"connect, 1, 2", "bind, 1, 2", "sendto, 4, 5"})
    void addresses(String call, int address, int length) {
        assertEquals(new TextArguments(List.of(), address, length), TextArguments.of(call));
    }

    /** What is read, written, sent or handed on to a program may be secret. */
    @ParameterizedTest
    @ValueSource(strings = {"read", "write", "writev", "sendmsg", "recvfrom", "accept", "getcwd", "prctl", "getppid", "setsockopt",
        "add_key", "no such call"})
    void nothingElse(String call) {
        assertNull(TextArguments.of(call));
    }

    /** A record has room for two. */
    @Test
    void noCallHasMoreThanTwo() {
        for (String call : CallTable.lines().keySet()) {
            TextArguments found = TextArguments.of(call);
            int count = found == null ? 0 : found.paths().size() + (found.address() == TextArguments.NONE ? 0 : 2);
            assertEquals(true, count <= 2, call);
        }
    }
}
