package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.Summary;
import ktrace.analysis.SummaryAssembler;
import ktrace.analysis.explain.Explainer;
import ktrace.analysis.shard.ProcessShard;
import ktrace.event.EventSink;
import ktrace.event.EventType;
import ktrace.event.Evidence;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.TraceCounters;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;
import ktrace.facts.NoSource;
import ktrace.linux.Errno;
import org.junit.jupiter.api.Test;

/**
 * Ten minutes of {@code -a} on a machine whose shell runs one pipeline of two programs after the other, through the tracker and all
 * that is summed up and explained: of a hundred thousand lives nothing stays but what has a bound. Numbers come again and again.
 */
class ForkStormTest {
    private static final int SHELL = 100;
    private static final int KTRACE = 99_999;
    private static final long MINUTES_NS = 600_000_000_000L;
    /** Two processes and a thread live in each: so many, that each quarter ends with as many of the ended kept one by one. */
    private static final int ROUNDS = 4 * 1025 * 8;
    private static final long ROUND_NS = MINUTES_NS / ROUNDS + 1;
    private static final int ROUNDS_PER_WINDOW = ROUNDS / 8;
    /** What has a bound and is not as full at each census: what is explained. */
    private static final long BOUNDED = 10_000;
    private static final int SIGCHLD = 17;
    private static final int THREAD = 0x10000 | 0x800 | 0x400 | 0x200 | 0x100;
    private static final int PRIVATE = 0x80;
    private static final int WAKE = 1;
    private static final int BYTE_ADDRESS = 0x5000;
    private static final int TERMINAL_KEY = 6;

    /** What /proc would say: all pipes are the one of this moment. */
    private static final class Proc extends NoSource {
        long inode;

        @Override
        public FdSnapshot fd(int tgid, int fd) {
            boolean isPipe = tgid == SHELL ? fd > 2 : fd < 2;
            return isPipe ? new FdSnapshot(tgid, fd, new KernelObject(ObjectKind.PIPE, "pipe:[" + inode + "]", inode),
                    fd == 1 || fd == 4 ? Timeline.O_WRONLY : Timeline.O_RDONLY, 0, List.of()) : null;
        }
    }

    private final Proc proc = new Proc();
    private final Timeline line = new Timeline(Targets.everything(KTRACE), proc);
    private final TraceEvent windowEnd = new TraceEvent();
    private EventSink sums;
    private Summary last;
    private long events;

    @Test
    void tenMinutesLeaveNothing() {
        SummaryAssembler assembler = new SummaryAssembler("perf", List.of(line.counters), () -> SelfUsage.NONE,
                summary -> last = summary);
        sums = new ProcessShard(Timeline.TABLE::name, Errno::name, new TraceCounters(), assembler, new Explainer(Timeline.TABLE));
        line.reader = event -> {
            events++;
            sums.onEvent(event);
        };
        line.facts(sums);
        line.process(SHELL, 1, "sh");
        for (int fd = 0; fd < 3; fd++) {
            line.fd(SHELL, fd, ObjectKind.TTY, "/dev/pts/5", TERMINAL_KEY, Timeline.O_RDWR);
        }
        line.exec(SHELL, SHELL, "sh");
        long beganNs = line.nowNs;
        Census after = Census.ofStorm(ROUNDS, BOUNDED, i -> {
            long roundNs = beganNs + i * ROUND_NS;
            pipeline(i, 1000 + i * 3 % 30_000);
            assertTrue(line.nowNs < roundNs + ROUND_NS);
            line.nowNs = roundNs + ROUND_NS;
            if (i % ROUNDS_PER_WINDOW == ROUNDS_PER_WINDOW - 1) {
                windowEnds(EventType.INTERVAL);
            }
        });
        windowEnds(EventType.END);
        assertTrue(line.nowNs - beganNs >= MINUTES_NS);
        assertTrue(after.of(ProcessEntry.class) < 10, after.of(ProcessEntry.class) + " processes");
        assertTrue(after.of(ThreadEntry.class) < 10, after.of(ThreadEntry.class) + " threads");
        assertEquals(2L * ROUNDS, last.processes().stream().filter(process -> !process.comm().equals("sh"))
                .flatMap(process -> process.syscalls().stream()).filter(call -> call.name().equals("execve"))
                .mapToLong(call -> call.calls()).sum(), "all are told of, each by itself or with its like");
    }

    private void windowEnds(EventType type) {
        windowEnd.become(type, line.nowNs, new WindowFacts(0, events, events, Map.of()));
        line.tracker.onEvent(windowEnd);
        sums.onEvent(windowEnd);
    }

    /** {@code producer | consumer}, the second of which reads in a thread of its own. */
    private void pipeline(int i, int producer) {
        int consumer = producer + 1;
        int thread = producer + 2;
        long address = 0x7000_0000L + 64L * i;
        proc.inode = 1000 + i;
        line.call(SHELL, "pipe2", 0, BYTE_ADDRESS, 0);
        line.born(SHELL, producer, SIGCHLD);
        line.born(SHELL, consumer, SIGCHLD);
        line.call(SHELL, "close", 0, 3);
        line.call(SHELL, "close", 0, 4);
        waitsIn(SHELL, "wait4", producer);

        becomes(consumer, "consumer", 3, 0);
        line.born(consumer, thread, THREAD);
        waitsIn(consumer, "futex", address, PRIVATE);
        waitsIn(thread, "read", 0);

        becomes(producer, "producer", 4, 1);
        line.enter(producer, "write", 1);
        wakes(producer, thread);
        line.exit(producer, "write", 1);
        line.enter(producer, "exit_group");
        line.exits(producer);
        wakes(producer, SHELL);
        line.dies(producer);
        line.exit(SHELL, "wait4", producer);
        waitsIn(SHELL, "wait4", consumer);

        line.exit(thread, "read", 1);
        line.enter(thread, "futex", address, PRIVATE | WAKE);
        wakes(thread, consumer);
        line.exit(thread, "futex", 1);
        line.exits(thread);
        line.dies(thread);

        line.exit(consumer, "futex", 0);
        line.enter(consumer, "exit_group");
        line.exits(consumer);
        wakes(consumer, SHELL);
        line.dies(consumer);
        line.exit(SHELL, "wait4", consumer);
    }

    /** A child takes one end of the pipe for its {@code standard} input or output, and another program's place. */
    private void becomes(int child, String program, int end, int standard) {
        line.call(child, "dup2", standard, end, standard);
        line.call(child, "close", 0, 3);
        line.call(child, "close", 0, 4);
        line.enter(child, "execve", BYTE_ADDRESS);
        line.exec(child, child, program);
        line.exit(child, "execve", 0);
    }

    private void waitsIn(int tid, String syscall, long... args) {
        line.enter(tid, syscall, args);
        line.switchTo(0, 1);
    }

    /** Without the words that a timeline has for it, which take longer than all the rest. */
    private void wakes(int waker, int woken) {
        line.run(waker);
        line.event.otherTid = woken;
        line.push(EventType.SCHED_WAKING, waker, line.tgids[waker], null);
        assertEquals(Evidence.OBJECT, line.event.evidence);
    }
}
