package ktrace.ctf.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ktrace.ctf.CtfException;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TsdlParser;
import org.junit.jupiter.api.Test;

class StreamLayoutTest {
    /** Forty lines that stand for 2^40 fields: sharing them costs nothing, laying them out is refused. */
    @Test
    void typesThatDoubleAreNotLaidOut() {
        String doubled = IntStream.range(0, 40)
                .mapToObj(i -> "struct s" + (i + 1) + " { struct s" + i + " a; struct s" + i + " b; };")
                .collect(Collectors.joining());
        TraceMetadata metadata = TsdlParser.parse("struct s0 { string x; };" + doubled
                + "stream { id = 0; }; event { name = e; fields := struct s40; };");
        StreamLayout layout = new StreamLayout(metadata, metadata.streams().get(0L), event -> null);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            CtfException thrown = assertThrows(CtfException.class, () -> layout.event(0, new PacketCursor()));
            assertEquals("event e: more than 2000000 fields in all", thrown.getMessage());
        });
    }
}
