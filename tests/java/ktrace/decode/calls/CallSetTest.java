package ktrace.decode.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import org.junit.jupiter.api.Test;

class CallSetTest {
    private static boolean has(String expression, String call) {
        CallSet set = CallSet.parse(expression);
        boolean byName = set.contains(call);
        assertEquals(byName, set.contains(Abi.X86_64, SyscallTable.of(Abi.X86_64).number(call)), expression + " " + call);
        return byName;
    }

    @Test
    void namesAreTakenAsTheyAre() {
        assertTrue(has("read,write", "write"));
        assertTrue(has("trace=read, write", "write"));
        assertFalse(has("read,write", "close"));
    }

    @Test
    void aClassStandsForItsCalls() {
        assertTrue(has("%file", "openat"));
        assertFalse(has("%file", "read"));
        assertTrue(has("%desc,getpid", "read"));
        assertTrue(has("%desc,getpid", "getpid"));
        assertTrue(has("%net", "connect"));
        assertTrue(has("%%stat", "newfstatat"));
        assertFalse(has("%stat", "newfstatat"));
        assertTrue(has("%signal", "rt_sigaction"));
        assertTrue(has("%memory", "mmap"));
        assertTrue(has("%ipc", "semop"));
        assertTrue(has("%process", "execve"));
        assertTrue(has("%creds", "setuid"));
        assertTrue(has("%clock", "clock_gettime"));
    }

    @Test
    void anExclamationMarkTurnsItRound() {
        assertFalse(has("!read,%file", "read"));
        assertFalse(has("!read,%file", "openat"));
        assertTrue(has("!read,%file", "write"));
        assertTrue(CallSet.parse("!read").contains(Abi.X86_64, 9999));
    }

    @Test
    void allAndNone() {
        assertTrue(has("all", "read"));
        assertTrue(CallSet.ALL.contains(Abi.X86_64, -1));
        assertTrue(CallSet.ALL.isAll());
        assertFalse(CallSet.parse("read").isAll());
        assertFalse(has("none", "read"));
        assertTrue(has("!none", "read"));
        assertFalse(has("!all", "read"));
    }

    @Test
    void aRegularExpressionMatchesAnyPart() {
        assertTrue(has("/^epoll_", "epoll_wait"));
        assertFalse(has("/^epoll_", "poll"));
    }

    @Test
    void otherAbisHaveTheirOwnNumbers() {
        CallSet set = CallSet.parse("waitpid");
        assertTrue(set.contains(Abi.I386, 7));
        assertFalse(set.contains(Abi.X86_64, 7));
    }

    @Test
    void whatIsNotKnownIsSaidInOneLine() {
        for (String wrong : List.of("raed", "%fiel", "read,,write", "/(", "")) {
            String message = assertThrows(IllegalArgumentException.class, () -> CallSet.parse(wrong)).getMessage();
            assertFalse(message.contains("\n"), message);
        }
        assertTrue(assertThrows(IllegalArgumentException.class, () -> CallSet.parse("file")).getMessage().contains("%file"));
        assertFalse(CallSet.parse("?raed").contains("read"));
    }

    @Test
    void everyCallOfAClassIsOneOfTheTables() {
        for (String name : SyscallClasses.names()) {
            for (String call : SyscallClasses.calls(name)) {
                boolean known = false;
                for (Abi abi : Abi.values()) {
                    known |= SyscallTable.of(abi).find(call).isPresent();
                }
                assertTrue(known, "%" + name + " " + call);
            }
        }
    }
}
