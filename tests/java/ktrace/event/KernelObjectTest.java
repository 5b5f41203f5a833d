package ktrace.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
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

    @Test
    void aSocketNamesTheOtherMachineIfThereIsOne() {
        assertEquals("10.0.0.2:80", SocketNames.otherMachine("tcp 10.0.0.1:5000→10.0.0.2:80"));
        assertEquals("[2001:db8::2]:53", SocketNames.otherMachine("udp [2001:db8::1]:5000→[2001:db8::2]:53 (netns 7)"));
        assertNull(SocketNames.otherMachine("tcp 10.0.0.1:5000→10.0.0.1:80"), "an own address");
        assertNull(SocketNames.otherMachine("tcp 127.0.0.1:5000→127.0.0.2:80"));
        assertNull(SocketNames.otherMachine("tcp [::1]:5000→[::1]:80"));
        assertNull(SocketNames.otherMachine("tcp 0.0.0.0:80"));
        assertNull(SocketNames.otherMachine("unix:[7]"));
        assertNull(SocketNames.otherMachine(""));
    }
}
