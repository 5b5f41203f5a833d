package ktrace.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;

class SignalsTest {

    @Test
    void aStandardSignalHasItsName() {
        assertEquals("SIGHUP", Signals.name(1));
        assertEquals("SIGABRT", Signals.name(Uapi.SIGABRT()), "not its old name SIGIOT");
        assertEquals("SIGKILL", Signals.name(Uapi.SIGKILL()));
        assertEquals("SIGIO", Signals.name(Uapi.SIGIO()), "not its alias SIGPOLL");
        assertEquals("SIGSYS", Signals.name(31));
    }

    @Test
    void realTimeSignalsCountFromTheKernelsFirst() {
        assertEquals("SIGRT_0", Signals.name(32));
        assertEquals("SIGRT_2", Signals.name(34));
        assertEquals("SIGRT_32", Signals.name(Signals.MAX));
    }

    @Test
    void everySignalHasAName() {
        for (int signal = 1; signal < 32; signal++) {
            assertEquals("SIG", Signals.name(signal).substring(0, 3));
        }
    }

    @Test
    void whatIsNoSignalIsShownAsItIs() {
        assertEquals("signal_0", Signals.name(0));
        assertEquals("signal_-1", Signals.name(-1));
        assertEquals("signal_65", Signals.name(65));
    }
}
