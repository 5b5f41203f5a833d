package ktrace.intervals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.event.ObjectKind;
import ktrace.system.family.Families;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThreadStateTest {
    static List<ObjectKind> kinds() {
        return Families.ALL.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theReasonFollowsTheKind(ObjectKind kind) {
        assertEquals(kind.ipc(), ThreadState.waitingFor(kind) == ThreadState.IPC);
        assertEquals(kind == ObjectKind.DISK, ThreadState.waitingFor(kind) == ThreadState.DISK);
        assertEquals(kind == ObjectKind.SLEEP, ThreadState.waitingFor(kind) == ThreadState.SLEEP);
    }
}
