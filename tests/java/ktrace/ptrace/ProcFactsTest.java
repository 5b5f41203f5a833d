package ktrace.ptrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ktrace.event.Comm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names as threads give them to themselves. */
class ProcFactsTest {
    @TempDir
    private Path proc;

    @Test
    void aNameIsWholeWhateverStandsInIt() throws IOException {
        for (String name : new String[] {"cat", "", "line\nbreak", "\n", "fifteen letters", "ends\n", "a b) R 1"}) {
            Files.createDirectories(proc.resolve("42"));
            Files.writeString(proc.resolve("42/comm"), name + "\n");
            Tracee tracee = new Tracee(42, 42);
            new ProcFacts(proc.toString()).readComm(tracee);
            assertEquals(name, Comm.text(tracee.comm0, tracee.comm1));
        }
    }

    @Test
    void anUnreadableNameStaysAsItWas() {
        Tracee tracee = new Tracee(43, 43);
        tracee.comm0 = Comm.pack("known", 0);
        new ProcFacts(proc.toString()).readComm(tracee);
        assertEquals("known", Comm.text(tracee.comm0, tracee.comm1));
    }
}
