package ktrace.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import ktrace.tracefs.TraceFs;
import ktrace.tracefs.TracepointException;
import ktrace.tracefs.TracepointFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SyscallArgumentsTest {
    private final Map<String, List<String>> names = SyscallArguments.names();

    @Test
    void callsHaveTheirArgumentsInTheKernelsOrder() {
        assertEquals(List.of("fd", "buf", "count"), names.get("read"));
        assertEquals(List.of(), names.get("getppid"), "one without any is there as well");
    }

    /** What the table does not tell, the in-kernel collector does not record. */
    @Test
    @Tag("kernel")
    void theRunningKernelHandsOverNoMore() {
        assumeTrue(Processes.geteuid() == 0, "needs root, to read formats");
        TraceFs tracefs = TraceFs.open(notice -> { });
        List<String> differing = new ArrayList<>();
        int compared = 0;
        for (Map.Entry<String, List<String>> call : names.entrySet()) {
            try {
                TracepointFormat format = tracefs.format("syscalls", "sys_enter_" + call.getKey());
                // Behind the common fields and the number of the call; what it points to comes in __data_loc fields of four bytes.
                long arguments = format.fields().stream().filter(field -> field.offset() >= 16 && field.sizeBytes() == 8).count();
                compared++;
                if (arguments != call.getValue().size()) {
                    differing.add(call.getKey() + " " + arguments);
                }
            } catch (TracepointException otherwiseNamed) {
                continue;
            }
        }
        assertTrue(compared > 250, "compared " + compared);
        assertEquals(List.of(), differing);
    }
}
