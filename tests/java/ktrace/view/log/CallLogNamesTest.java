package ktrace.view.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.TraceEvent;
import org.junit.jupiter.api.Test;

/** How threads and programs are named whose names come late, or from elsewhere. */
class CallLogNamesTest extends LoggedCalls {
    @Test
    void aLineWaitsAMomentForTheNameOfItsThread() {
        log.onEvent(enter(0, "getpid"));
        log.onEvent(exit(MS, "getpid", 1));
        log.onEvent(event(EventType.INTERVAL, 2 * MS));
        assertEquals(0, bytes.size());
        named("late");
        log.onEvent(event(EventType.INTERVAL, 3 * MS));
        assertEquals("14:03:22.000000 1234 late  getpid() = 1 <0.001000>\n", bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aSwitchTellsTheName() {
        log.onEvent(enter(0, "getpid"));
        TraceEvent in = event(EventType.SCHED_SWITCH, 0);
        in.otherTid = 1234;
        in.otherThread = thread;
        in.thread = null;
        in.comm0 = Comm.pack("cat", 0);
        log.onEvent(in);
        log.onEvent(exit(MS, "getpid", 1));
        assertEquals("14:03:22.000000 1234 cat  getpid() = 1 <0.001000>\n", text());
    }

    @Test
    void aThreadThatIsNeverNamedHoldsUpTheOthersForASecond() {
        log.onEvent(enter(0, "getpid"));
        log.onEvent(exit(MS, "getpid", 1));
        ThreadId other = new ThreadId(1240, process, 0, 1);
        for (long timeNs : new long[] {500 * MS, 1500 * MS}) {
            TraceEvent born = event(EventType.TASK_NEWTASK, timeNs);
            born.otherTid = 1240;
            born.thread = other;
            born.comm0 = Comm.pack("other", 0);
            log.onEvent(born);
            TraceEvent enter = enter(timeNs, "getuid");
            enter.tid = 1240;
            enter.thread = other;
            log.onEvent(enter);
            TraceEvent exit = exit(timeNs, "getuid", 1);
            exit.tid = 1240;
            exit.thread = other;
            log.onEvent(exit);
            log.onEvent(event(EventType.INTERVAL, timeNs));
            assertEquals(timeNs > 1000 * MS ? 3 : 0, bytes.toString(StandardCharsets.UTF_8).lines().count());
        }
        assertTrue(bytes.toString(StandardCharsets.UTF_8).startsWith("14:03:22.000000 1234 ?  getpid()"));
    }

    @Test
    void aProgramExecutedByItsDescriptorIsNotCalledByTheNumber() {
        named("true");
        TraceEvent state = event(EventType.FD_STATE, 0);
        state.payload = new FdSnapshot(1234, 3, new KernelObject(ObjectKind.DISK, "/usr/bin/true", 9), 0);
        log.onEvent(state);
        log.onEvent(enter(0, "execveat", 3, 0x10, 0x20, 0x30, 0x1000));
        TraceEvent exec = event(EventType.SCHED_PROCESS_EXEC, MS);
        exec.otherTid = 1234;
        exec.payload = "/dev/fd/3";
        log.onEvent(exec);
        log.onEvent(exit(2 * MS, "execve", 0));
        String text = text();
        assertTrue(text.startsWith("14:03:22.001000 1234 true  +++ exec /usr/bin/true +++\n14:03:22.000000 1234 true  execveat(3"), text);
        assertTrue(text.endsWith("AT_EMPTY_PATH) = 0 <0.002000>\n"), text);
    }

    @Test
    void nobodyIsNamedAsWhoHasHisOwnLock() {
        named("cat");
        TraceEvent lock = enter(0, "flock", 3, 2);
        lock.object = new KernelObject(ObjectKind.FILELOCK, "/tmp/lock", 9);
        lock.peers = List.of(new Peer(1234, "cat"), new Peer(812, "sort"));
        log.onEvent(lock);
        log.onEvent(exit(1000, "flock", 0));
        TraceEvent flags = enter(2000, "fcntl", 5, 1);
        flags.object = PIPE;
        flags.peers = List.of(new Peer(1234, "cat"));
        log.onEvent(flags);
        log.onEvent(exit(3000, "fcntl", 0));
        assertEquals("14:03:22.000000 1234 cat  flock(3</tmp/lock\u2192sort(812)>, LOCK_EX) = 0 <0.000001>\n"
                + "14:03:22.000002 1234 cat  fcntl(5<pipe:[81]>, F_GETFD) = 0 <0.000001>\n", text());
    }
}
