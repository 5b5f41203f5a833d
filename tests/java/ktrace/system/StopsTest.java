package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.ObjectKind;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.facts.NoSource;
import ktrace.facts.Question.Urgency;
import ktrace.linux.PrevState;
import ktrace.system.family.Families;
import org.junit.jupiter.api.Test;

/** What holds a thread still whatever it was doing, who let it go, and what /proc tells of a sleep of which events do not. */
class StopsTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int OUTSIDER = 300;
    private static final int PTRACE_CONT = 7;
    private static final int PTRACE_SEIZE = 0x4206;
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;
    private static final int SAME_PROCESS = 0x10f00;

    /** Tells of every thread the same. */
    private static final class Proc extends NoSource {
        private char state;
        private int call = -1;
        private String function = "";

        @Override
        public Sleeper sleeper(int tgid, int tid) {
            return state == 0 ? null : new Sleeper(snapshot(tid), function);
        }

        private ThreadSnapshot snapshot(int tid) {
            return new ThreadSnapshot(tid, tid, "p" + tid, state, call, call < 0 ? new long[0] : new long[] {3, 0, 0, 0, 0, 0});
        }
    }

    private final Proc proc = new Proc();
    private final Timeline line = Timeline.of(proc, A, B);

    /** It has left its call, whichever that was. */
    private String out(char state) {
        line.call(A, "getppid", 1);
        line.switchTo(0, (int) PrevState.ofLetter(state));
        return waitsFor();
    }

    private String waitsFor() {
        return line.event.waitsFor == null ? "-" : line.event.waitsFor + " " + line.object() + " " + line.peers();
    }

    @Test
    void aSignalStopsAndAnotherLetsGo() {
        line.call(B, "kill", 0, A, SIGSTOP);
        assertEquals("stopped - p200(200)", out('T'));
        assertEquals(TraceEvent.NO_CALL, line.event.call);
        line.enter(B, "write", 3);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        out('T');
        line.enter(B, "kill", A, SIGCONT);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        out('T');
        line.enter(B, "kill", 999, SIGCONT);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        out('T');
        line.enter(B, "kill", -77, SIGCONT);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A), "a process group, as a shell does");
        out('T');
        line.run(OUTSIDER);
        assertEquals("waker | t300(300) | - | -", line.wakesIn(0, OUTSIDER, OUTSIDER, A));
    }

    @Test
    void inACallItIsStoppedAndNotInWhatTheCallWorksOn() {
        line.pipe(77, A, 3, B, 4);
        line.enter(A, "read", 3);
        line.switchTo(0, (int) PrevState.ofLetter('T'));
        assertEquals("stopped - -", waitsFor());
        line.enter(B, "write", 4);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void aDebuggerHoldsUntilItSaysOtherwise() {
        line.call(B, "ptrace", 0, PTRACE_SEIZE, A);
        assertEquals("traced - p200(200)", out('t'));
        line.enter(B, "ptrace", PTRACE_CONT, A + 1);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        out('t');
        line.enter(B, "ptrace", PTRACE_CONT, A);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void theDebuggersWaitEndsWhenWhatItTracesStops() {
        line.blocks(B, "wait4", A);
        out('t');
        line.call(A, "getppid", 1);
        assertEquals("object | p100(100) | - | p100(100)", line.wakes(A, B));
        line.blocks(B, "wait4", A);
        line.enter(A, "kill", B, 10);
        assertEquals("waker | p100(100) | - | p100(100)", line.wakes(A, B), "by a signal, as anybody could have sent it");
    }

    @Test
    void aChildThatStopsEndsTheWaitForIt() {
        line.born(A, 400, 0);
        line.blocks(A, "wait4", -1, 0, 2);
        line.call(400, "tgkill", 0, 400, 400, SIGSTOP);
        assertEquals("object | c400(400) | child 400 | c400(400)", line.wakes(400, A));
        line.blocks(A, "wait4", -1, 0, 2);
        assertEquals("interrupt | - | - | c400(400)", line.wakesIn(TraceEvent.FLAG_HARD_INTERRUPT, 400, 400, A));
        line.blocks(A, "wait4", -1, 0, 2);
        line.call(B, "getppid", 1);
        assertEquals("waker | p200(200) | - | c400(400)", line.wakes(B, A), "it is no child");
    }

    /** The kernel shows S: where it sleeps was asked before the switch. */
    @Test
    void theFreezerIsKnownByWhereItSleeps() {
        proc.state = ThreadSnapshot.FROZEN;
        line.fd(B, 5, ObjectKind.DISK, "/sys/fs/cgroup/x/cgroup.freeze", 9, Timeline.O_WRONLY);
        line.asked.clear();
        assertEquals("frozen - -", out('S'));
        assertTrue(line.asked.contains(Urgency.NOW));
        line.enter(B, "write", 5);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
        out('S');
        line.fd(B, 6, ObjectKind.PIPE, "pipe:[77]", 77, Timeline.O_WRONLY);
        line.enter(B, "write", 6);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        out('S');
        line.enter(B, "write", 7);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A), "it had no time to be asked what that is");
        out('S');
        line.enter(B, "read", 5);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void whoSleepsOutsideACallNeedNotBeFrozen() {
        proc.state = 'S';
        proc.function = "handle_userfault";
        assertEquals("other - -", out('S'));
    }

    @Test
    void aThreadThatIsFoundFrozenIsNotInItsCall() {
        line.push(EventType.THREAD_STATE, 101, A, new ThreadSnapshot(101, A, "p", ThreadSnapshot.FROZEN,
                Timeline.TABLE.number("clock_nanosleep"), new long[6]));
        assertEquals("frozen", line.event.waitsFor.label());
    }

    /** The freezer of version 1 has it sleep in D, as a page fault does: the answer comes while it sleeps. */
    @Test
    void anAnswerThatComesLaterMakesItAnotherWaitFromThereOn() {
        out('D');
        assertEquals(TraceEvent.PAGE_FAULT, line.event.object);
        tells(ThreadSnapshot.FROZEN, line.nowNs);
        assertEquals("frozen - -", waitsFor());
        assertEquals(A, line.event.thread.tid());
        tells(ThreadSnapshot.FROZEN, line.nowNs);
        assertEquals("-", waitsFor(), "nothing new");
        assertEquals(null, line.event.thread);
    }

    @Test
    void anAnswerAboutASleepThatIsOverSaysNothing() {
        out('D');
        long outNs = line.nowNs;
        line.wakes(B, A);
        tells(ThreadSnapshot.FROZEN, outNs);
        assertEquals(null, line.event.thread);
        line.run(A);
        line.switchTo(0, 2);
        assertEquals(TraceEvent.PAGE_FAULT, line.event.object);
        tells(ThreadSnapshot.FROZEN, outNs);
        assertEquals(null, line.event.thread);
    }

    private void tells(char state, long sinceNs) {
        line.push(EventType.FACT, 0, -1, new Fact.OfSleep(new ThreadSnapshot(A, A, "p100", state, -1, new long[0]), "", sinceNs));
    }

    @Test
    void outsideACallWhoSleepsInDIsAskedAboutNowAndThen() {
        line.asked.clear();
        for (int i = 0; i < 100; i++) {
            out('D');
        }
        assertEquals(1, line.asked.stream().filter(Urgency.SOON::equals).count());
        assertFalse(line.asked.contains(Urgency.NOW));
    }

    /** Nothing was seen of it yet: whether it is in a call /proc tells. */
    @Test
    void whatAThreadIsInThatWasNotSeenBeforeIsAsked() {
        line.pipe(77, A, 3, B, 4);
        found(101);
        assertEquals("other unknown -", waitsFor());
        proc.state = 'S';
        proc.call = Timeline.TABLE.number("read");
        found(102);
        assertEquals("pipe pipe:[77] p200(200)", waitsFor());
        assertEquals(proc.call, line.event.call);
        proc.call = -1;
        proc.state = 'D';
        found(103);
        assertEquals("other unknown -", waitsFor(), "that is another sleep, a later one");
    }

    private void found(int tid) {
        line.push(EventType.THREAD_STATE, tid, A, new ThreadSnapshot(tid, A, "p", 'R', ThreadSnapshot.SYSCALL_UNKNOWN, new long[0]));
        line.run(tid);
        line.switchTo(0, 1);
    }

    @Test
    void execWaitsForTheOtherThreads() {
        line.born(A, 101, SAME_PROCESS);
        line.enter(A, "execve");
        line.switchTo(0, 2);
        assertEquals("disk - -", waitsFor());
        line.run(A);
        proc.state = 'D';
        proc.function = "de_thread";
        line.switchTo(0, 2);
        assertEquals("exec - -", waitsFor());
        assertEquals(Timeline.TABLE.number("execve"), line.event.call);
        line.enter(B, "write", 3);
        assertEquals("waker | p200(200) | - | -", line.wakes(B, A));
        line.run(A);
        line.switchTo(0, 2);
        line.exits(101);
        assertEquals("object | p100(100) | - | -", line.wakes(101, A));
    }

    /** Where the kernel answers too late where it sleeps. */
    @Test
    void whoEndsTellsThatExecHasWaitedForIt() {
        line.born(A, 101, SAME_PROCESS);
        line.enter(A, "execve");
        line.switchTo(0, 2);
        assertEquals("disk - -", waitsFor());
        line.exits(101);
        assertEquals("object | p100(100) | - | -", line.wakes(101, A));
        assertEquals("exec", line.event.waitsFor.label());
    }

    /** As programs in the kernel tell it. */
    @Test
    void whatIsToldAsFrozenNeedsNoAnswer() {
        line.call(A, "getppid", 1);
        line.run(A);
        line.switchTo(0, (int) PrevState.FROZEN);
        assertEquals("frozen - -", waitsFor());
        line.enter(B, "write", 3);
        assertEquals("object | p200(200) | - | -", line.wakes(B, A));
    }

    @Test
    void execOfTheOnlyThreadWaitsForNone() {
        proc.state = 'D';
        proc.function = "de_thread";
        line.enter(A, "execve");
        line.switchTo(0, 2);
        assertEquals("disk - -", waitsFor());
    }

    @Test
    void whatHoldsIsNoneOfItsCall() {
        assertEquals("while stopped", words("stopped", null));
        assertEquals("while held by a debugger", words("traced", "clone"));
        assertEquals("while frozen", words("frozen", null));
        assertEquals("for its other threads to end, in execve", words("exec", "execve"));
        assertEquals("outside any system call", words("other", null));
        assertEquals("for something unknown", Families.ALL.words(ObjectKind.OTHER, null, TraceEvent.UNKNOWN_PLACE.name()).before());
    }

    private static String words(String kind, String call) {
        return Families.ALL.words(Families.ALL.kind(kind), call, null).before();
    }
}
