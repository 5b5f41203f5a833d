package ktrace.system;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import ktrace.event.Comm;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.Waker;
import ktrace.facts.ObjectSource;
import ktrace.facts.Question;
import ktrace.facts.Question.Urgency;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import ktrace.system.family.Families;

/**
 * Pushes events into a tracker, a microsecond apart, and gives back what each was stamped with. One CPU unless told otherwise; a
 * thread that does something is switched in first, as on a real machine.
 */
final class Timeline {
    static final SyscallTable TABLE = SyscallTable.of(Abi.X86_64);
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;

    final TraceCounters counters = new TraceCounters();
    final SystemTracker tracker;
    final TraceEvent event = new TraceEvent();
    long nowNs = 1_000_000_000L;
    /** Sees each event once it is stamped. */
    EventSink reader = event -> { };
    /** How urgent each question was. */
    List<Urgency> asked = new ArrayList<>();
    /** The same of those why a thread that is ready does not run. */
    final List<Urgency> askedWhyReady = new ArrayList<>();
    private final List<Fact> facts = new ArrayList<>();
    private final TraceEvent fact = new TraceEvent();
    private EventSink factReader = event -> { };
    final int[] tgids = new int[100_000];
    private int running;

    /** @param source answers whatever the tracker asks: before the event, where it asks before it, else behind it */
    Timeline(Targets targets, ObjectSource source) {
        this(targets, Families.ALL, source);
    }

    Timeline(Targets targets, FamilySet families, ObjectSource source) {
        tracker = new SystemTracker(targets, families, (question, urgency) -> {
            boolean isWhyReady = question instanceof Question.OfQuota || question instanceof Question.OfAffinity;
            if (!(question instanceof Question.OfSteal)) {
                (isWhyReady ? askedWhyReady : asked).add(urgency);
            }
            facts.addAll(question.answer(source));
            return true;
        }, TABLE::find, counters);
    }

    /** Observes the processes named, whose main threads and names are known, and their children. */
    static Timeline of(ObjectSource source, int... tgids) {
        Timeline timeline = new Timeline(
                Targets.processes(99_999, Arrays.stream(tgids).boxed().toList()), source);
        for (int tgid : tgids) {
            timeline.process(tgid, 1, "p" + tgid);
        }
        return timeline;
    }

    static Timeline of(int... tgids) {
        return of(ObjectSource.nothing(), tgids);
    }

    void process(int tgid, int ppid, String comm) {
        push(EventType.PROCESS_STATE, tgid, tgid, new ProcessSnapshot(tgid, ppid, comm, comm));
        thread(tgid, tgid);
    }

    void thread(int tid, int tgid) {
        tgids[tid] = tgid;
        push(EventType.THREAD_STATE, tid, tgid, new ThreadSnapshot(tid, tgid, "p" + tgid, 'S', -1, new long[0]));
    }

    void fd(int tgid, int fd, ObjectKind kind, String name, long key, int flags) {
        fd(tgid, fd, kind, name, key, flags, 0);
    }

    void fd(int tgid, int fd, ObjectKind kind, String name, long key, int flags, long peerKey, Integer... watched) {
        push(EventType.FD_STATE, tgid, tgid,
                new FdSnapshot(tgid, fd, new KernelObject(kind, name, key), flags, peerKey, List.of(watched)));
    }

    /** Both ends in one process: reading from {@code readFd}, writing to {@code writeFd}. */
    void pipe(long inode, int reader, int readFd, int writer, int writeFd) {
        fd(reader, readFd, ObjectKind.PIPE, "pipe:[" + inode + "]", inode, O_RDONLY);
        fd(writer, writeFd, ObjectKind.PIPE, "pipe:[" + inode + "]", inode, O_WRONLY);
    }

    String enter(int tid, String syscall, long... args) {
        run(tid);
        long[] six = Arrays.copyOf(args, 6);
        event.number = TABLE.number(syscall);
        event.arg0 = six[0];
        event.arg1 = six[1];
        event.arg2 = six[2];
        event.arg3 = six[3];
        event.arg4 = six[4];
        event.arg5 = six[5];
        push(EventType.SYS_ENTER, tid, tgids[tid], null);
        return object();
    }

    void exit(int tid, String syscall, long result) {
        run(tid);
        event.number = TABLE.number(syscall);
        event.result = result;
        push(EventType.SYS_EXIT, tid, tgids[tid], null);
    }

    /** A call that does not wait. */
    void call(int tid, String syscall, long result, long... args) {
        enter(tid, syscall, args);
        exit(tid, syscall, result);
    }

    /** The call is begun, and the thread waits in it; gives the object and, if there are any, the peers. */
    String blocks(int tid, String syscall, long... args) {
        String stamped = enter(tid, syscall, args) + (event.peers.isEmpty() ? "" : " | " + peers());
        switchTo(0, 1);
        return stamped;
    }

    /** {@code evidence waker object peers}, a dash for what was not stamped. */
    String wakes(int waker, int woken) {
        run(waker);
        return wakesIn(0, waker, tgids[waker], woken);
    }

    String wakesIn(int contextFlags, int waker, int wakerTgid, int woken) {
        event.contextFlags = contextFlags;
        event.otherTid = woken;
        push(EventType.SCHED_WAKING, waker, wakerTgid, null);
        event.contextFlags = 0;
        return wake();
    }

    /** By a thread that is not traced, of which the kernel tells what it is doing. */
    String wakesInCall(int contextFlags, int waker, String syscall, long arg0, long inode, int mode, int woken) {
        run(waker);
        event.contextFlags = contextFlags;
        event.otherTid = woken;
        push(EventType.SCHED_WAKING, waker, waker, new Waker.InCall(TABLE.number(syscall), arg0, 0x7000, inode, mode));
        event.contextFlags = 0;
        return wake();
    }

    void run(int tid) {
        if (running != tid) {
            switchTo(tid, 0);
        }
    }

    void switchTo(int next, int prevState) {
        switchTo(next, prevState, null);
    }

    /** @param inCall what the thread before waits in from then on, where the kernel tells that */
    void switchTo(int next, int prevState, Waker.InCall inCall) {
        event.otherTid = next;
        event.number = prevState;
        event.comm0 = Comm.pack("t" + next, 0);
        event.comm1 = 0;
        int prev = running;
        running = next;
        push(EventType.SCHED_SWITCH, prev, tgids[prev], inCall);
    }

    void born(int parentTid, int tid, int cloneFlags) {
        run(parentTid);
        tgids[tid] = (cloneFlags & 0x10000) != 0 ? tgids[parentTid] : tid;
        event.otherTid = tid;
        event.number = cloneFlags;
        event.comm0 = Comm.pack("c" + tid, 0);
        event.comm1 = 0;
        push(EventType.TASK_NEWTASK, parentTid, tgids[parentTid], null);
    }

    void exec(int tid, int oldTid, String comm) {
        run(tid);
        event.comm0 = Comm.pack(comm, 0);
        event.comm1 = Comm.pack(comm, 8);
        push(EventType.TASK_RENAME, tid, tgids[tid], null);
        event.otherTid = oldTid;
        push(EventType.SCHED_PROCESS_EXEC, tid, tgids[tid], "/bin/" + comm);
    }

    void exits(int tid) {
        exits(tid, 0);
    }

    /** @param last what the kernel says of the others of its process */
    void exits(int tid, int last) {
        run(tid);
        event.arg1 = last;
        push(EventType.SCHED_PROCESS_EXIT, tid, tgids[tid], null);
    }

    void dies(int tid) {
        run(tid);
        switchTo(0, 0x20);
    }

    private void tellFacts() {
        while (!facts.isEmpty()) {
            fact.become(EventType.FACT, nowNs, facts.removeFirst());
            tracker.onEvent(fact);
            factReader.onEvent(fact);
        }
    }

    /** {@code newReader} sees each answer once it is stamped. */
    void facts(EventSink newReader) {
        factReader = newReader;
    }

    TraceEvent push(EventType type, int tid, int tgid, Object payload) {
        event.type = type;
        event.timeNs = nowNs += 1000;
        event.cpu = 0;
        event.tid = tid;
        event.tgid = tgid;
        event.payload = payload;
        tracker.asksBefore(event);
        tellFacts();
        tracker.onEvent(event);
        reader.onEvent(event);
        tellFacts();
        return event;
    }

    long count(TraceCounter counter) {
        return counters.get(counter);
    }

    String object() {
        return event.object == null ? "-" : event.object.name();
    }

    String peers() {
        return event.peers.isEmpty() ? "-" : event.peers.stream().map(Timeline::text).sorted().collect(Collectors.joining(","));
    }

    String wake() {
        List<String> words = new ArrayList<>();
        words.add(event.evidence.label());
        words.add(event.waker == null ? "-" : text(event.waker.process()));
        words.add(object() + (event.objectToBeConfirmed ? "?" : ""));
        words.add(peers());
        return String.join(" | ", words);
    }

    private static String text(Peer peer) {
        return peer.comm() + "(" + peer.pid() + ")";
    }
}
