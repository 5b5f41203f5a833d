package ktrace.intervals;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.event.ObjectKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ThreadStateTest {
    @ParameterizedTest
    @EnumSource(ObjectKind.class)
    void theReasonFollowsTheKind(ObjectKind kind) {
        assertEquals(kind.ipc(), ThreadState.waitingFor(kind) == ThreadState.IPC);
        assertEquals(kind == ObjectKind.DISK, ThreadState.waitingFor(kind) == ThreadState.DISK);
    }
}
