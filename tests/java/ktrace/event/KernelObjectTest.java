package ktrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class KernelObjectTest {
    private final KernelObject standIn = new KernelObject(ObjectKind.PIPE, "pipe", 0);
    private final KernelObject pipe = new KernelObject(ObjectKind.PIPE, "pipe:[7]", 7);

    @Test
    void standInAnswersAsWhatItTurnedOutToBe() {
        assertEquals("pipe", standIn.name());
        standIn.identify(pipe);
        assertSame(pipe, standIn.canonical());
        assertEquals("pipe:[7]", standIn.name());
        assertEquals(7, standIn.key());
        assertNotSame(pipe, standIn);
    }

    @Test
    void twoStandInsOfOneObjectGoByTheSame() {
        KernelObject second = new KernelObject(ObjectKind.PIPE, "pipe", 0);
        second.identify(standIn);
        standIn.identify(pipe);
        assertSame(pipe, second.canonical());
    }

    @Test
    void identifyingInACircleEnds() {
        standIn.identify(pipe);
        pipe.identify(standIn);
        standIn.identify(standIn);
        assertSame(pipe, pipe.canonical());
    }
}
