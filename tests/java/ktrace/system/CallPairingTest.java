package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import ktrace.event.EventType;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** Entries and exits of system calls: what an exit is stamped with, and what is counted when they do not fit. */
class CallPairingTest {
    private static final int A = 100;
    private static final int THREAD = 0x10000;
    private final Timeline line = Timeline.of(A);

    /** {@code call ns}: the call that has returned and how long it took, a dash for what was not stamped. */
    private String exits(int tid, String syscall, long result) {
        line.exit(tid, syscall, result);
        return stamps();
    }

    private String stamps() {
        TraceEvent event = line.event;
        return (event.call == TraceEvent.NO_CALL ? "-" : Timeline.TABLE.name(event.call)) + " "
                + (event.enteredNs == TraceEvent.UNKNOWN_NS ? "-" : String.valueOf(event.timeNs - event.enteredNs));
    }

    private void counted(TraceCounter... once) {
        Map<TraceCounter, Long> expected = new EnumMap<>(TraceCounter.class);
        for (TraceCounter counter : once) {
            expected.merge(counter, 1L, Long::sum);
        }
        assertEquals(expected, line.counters.nonZero());
    }

    @Test
    void anExitIsThatOfTheCallBefore() {
        line.enter(A, "read", 3);
        assertEquals("read 1000", exits(A, "read", 1));
        counted();
    }

    /** Found by /proc in no call, and heard of in the middle of one. */
    @Test
    void anExitWithoutAnEntryIsUnmatched() {
        assertEquals("- -", exits(A, "read", 0));
        counted(TraceCounter.UNMATCHED_EXIT);
    }

    @Test
    void anExitWithoutAnEntryAtTheBeginWasInFlight() {
        line.push(EventType.THREAD_STATE, 101, A,
                new ThreadSnapshot(101, A, "p", 'R', ThreadSnapshot.SYSCALL_UNKNOWN, new long[0]));
        line.event.number = Timeline.TABLE.number("read");
        line.push(EventType.SYS_EXIT, 101, A, null);
        assertEquals("- -", stamps());
        counted(TraceCounter.IN_FLIGHT_AT_ATTACH);
    }

    @Test
    void ofACallFoundInFlightTheBeginIsNotKnown() {
        line.push(EventType.THREAD_STATE, 101, A,
                new ThreadSnapshot(101, A, "p", 'S', Timeline.TABLE.number("read"), new long[] {3, 0, 0}));
        line.event.number = Timeline.TABLE.number("read");
        line.push(EventType.SYS_EXIT, 101, A, null);
        assertEquals("read -", stamps());
        counted(TraceCounter.IN_FLIGHT_AT_ATTACH);
    }

    @Test
    void anEntryAfterACallFoundInFlightIsNotUnmatched() {
        line.push(EventType.THREAD_STATE, 101, A,
                new ThreadSnapshot(101, A, "p", 'S', Timeline.TABLE.number("read"), new long[] {3, 0, 0}));
        line.event.number = Timeline.TABLE.number("write");
        line.push(EventType.SYS_ENTER, 101, A, null);
        counted(TraceCounter.IN_FLIGHT_AT_ATTACH);
    }

    @Test
    void whatIsReadOfAThreadThatWasSeenAtWorkIsNoCallInFlight() {
        line.enter(A, "read", 3);
        line.push(EventType.THREAD_STATE, A, A,
                new ThreadSnapshot(A, A, "p", 'S', Timeline.TABLE.number("write"), new long[] {3, 0, 0}));
        assertEquals("read 2000", exits(A, "read", 0));
        counted();
    }

    @Test
    void anEntryAfterAnEntryIsUnmatched() {
        line.enter(A, "read", 3);
        line.enter(A, "write", 4);
        assertEquals("write 1000", exits(A, "write", 1));
        counted(TraceCounter.UNMATCHED_ENTER);
    }

    @Test
    void theExitOfAnotherCallMatchesNeither() {
        line.enter(A, "read", 3);
        assertEquals("- -", exits(A, "write", 0));
        counted(TraceCounter.UNMATCHED_ENTER, TraceCounter.UNMATCHED_EXIT);
    }

    /** exit_group has no exit, and a thread may be killed in the middle of any call: it is simply over. */
    @Test
    void aCallThatIsNotReturnedFromNeedsNoExit() {
        line.born(A, 101, THREAD);
        line.enter(101, "read", 3);
        line.exits(101);
        line.enter(A, "exit_group", 0);
        line.exits(A);
        counted();
    }

    /** Enter 15, exit id -1, and the result of the call that the signal interrupted. */
    @Test
    void sigreturnIsMatchedThoughItsExitHasNoNumber() {
        line.enter(A, "rt_sigreturn");
        line.event.number = -1;
        line.push(EventType.SYS_EXIT, A, A, null);
        assertEquals("rt_sigreturn 1000", stamps());
        counted();
    }

    @Test
    void aProgramMayPassAnyNumber() {
        for (long number : new long[] {-7, 5000, 0x40000001, 1024, -1}) {
            line.event.number = number;
            line.push(EventType.SYS_ENTER, A, A, null);
            line.event.number = number;
            line.push(EventType.SYS_EXIT, A, A, null);
            assertEquals((int) number, line.event.call);
            assertEquals(line.event.timeNs - 1000, line.event.enteredNs);
        }
        counted();
    }

    /** A child's first event is the exit of the clone that made it. */
    @Test
    void aChildReturnsFromItsParentsClone() {
        line.enter(A, "clone");
        line.born(A, 400, 0);
        assertEquals("- -", exits(400, "clone", 0));
        counted();
    }

    /** A traced command begins to be traced inside its execve. */
    @Test
    void aCommandBeginsInItsExecve() {
        Timeline command = new Timeline(Targets.processes(99_999, java.util.List.of(A)), ktrace.facts.ObjectSource.nothing());
        command.exec(A, A, "ls");
        command.exit(A, "execve", 0);
        assertEquals(Map.of(), command.counters.nonZero());
    }

    @Test
    void execveIsACallLikeOthers() {
        line.enter(A, "execve");
        long enteredNs = line.event.timeNs;
        line.exec(A, A, "ls");
        assertEquals(enteredNs, line.event.enteredNs);
        assertEquals("execve 3000", exits(A, "execve", 0));
        counted();
    }

    /** The entry is on the old tid, the exit on the leader's; the old tid has no end of its own. */
    @Test
    void execByAnotherThreadThanTheLeaderGoesOnUnderTheLeadersNumber() {
        line.born(A, 101, THREAD);
        line.enter(101, "execve");
        long enteredNs = line.event.timeNs;
        line.exits(A);
        line.exec(A, 101, "ls");
        exits(A, "execve", 0);
        assertEquals(enteredNs, line.event.enteredNs);
        assertEquals(Timeline.TABLE.number("execve"), line.event.call);
        counted();
    }

    /** After a loss the call that a thread was in may be another one. */
    @Test
    void aCallAcrossALossIsLeftOut() {
        line.enter(A, "read", 3);
        line.push(EventType.EVENTS_LOST, 0, 0, null);
        assertEquals("- -", exits(A, "read", 0));
        counted(TraceCounter.UNMATCHED_EXIT, TraceCounter.UNMATCHED_ENTER);
    }

    /** Behind exec comes its return, within microseconds: where it does not, though the thread goes on, its events are gone. */
    @Test
    void anExecThatDoesNotReturnHasLostItsEvents() {
        List<Integer> taken = new ArrayList<>();
        line.tracker.onEventsTaken(taken::add);
        line.enter(A, "execve");
        line.exec(A, A, "sees-all");
        line.exit(A, "execve", 0);
        line.nowNs += 1_000_000;
        line.switchTo(0, 0x100);
        assertEquals(List.of(), taken, "it has returned");
        line.enter(A, "execve");
        line.exec(A, A, "preempted");
        line.switchTo(0, 0x100);
        line.nowNs += 100_000_000;
        line.run(A);
        line.exit(A, "execve", 0);
        assertEquals(List.of(), taken, "it did not run");
        line.enter(A, "execve");
        line.exec(A, A, "debugged");
        line.switchTo(0, 8);
        line.nowNs += 100_000_000;
        line.run(A);
        line.exit(A, "execve", 0);
        assertEquals(List.of(), taken, "a debugger has held it");
        line.enter(A, "execve");
        line.exec(A, A, "sudo");
        line.born(A, 400, 0);
        line.born(A, 500, 0);
        line.nowNs += 3_000_000;
        line.switchTo(0, 0x100);
        assertEquals(List.of(A), taken, "it has run for long");
        assertEquals("other -", outs(A, 1), "and is in no call that is known");
        line.run(400);
        line.switchTo(0, 1);
        line.run(500);
        assertEquals(List.of(A, 400), taken, "a child that it has made since waits without having returned from fork");
        line.exit(500, "fork", 0);
        line.switchTo(0, 1);
        line.nowNs += 1_000_000;
        line.switchTo(0, 0);
        line.exit(A, "getppid", 1);
        line.enter(A, "getppid");
        line.born(A, 600, 0);
        line.run(600);
        line.switchTo(0, 1);
        line.nowNs += 1_000_000;
        line.run(A);
        assertEquals(List.of(A, 400), taken, "it has its events again");
    }

    private String outs(int tid, int prevState) {
        line.run(tid);
        line.switchTo(0, prevState);
        return line.event.waitsFor + " " + (line.event.call == TraceEvent.NO_CALL ? "-" : Timeline.TABLE.name(line.event.call));
    }
}
