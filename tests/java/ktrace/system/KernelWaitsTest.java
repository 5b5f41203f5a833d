package ktrace.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ktrace.event.Comm;
import ktrace.event.EventType;
import ktrace.event.Fact;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceEvent;
import ktrace.linux.PrevState;
import ktrace.system.family.Families;
import ktrace.system.ToldWait.Words;
import org.junit.jupiter.api.Test;

/** Sleeps in D that are for no storage: by the function of the kernel, or by who ends them. */
class KernelWaitsTest {
    private static final int A = 100;
    private static final int B = 200;
    private static final int RCU = 15;

    private final Timeline line = Timeline.of(A, B);

    /** It sleeps in D, in a call. */
    private String sleeps(String call, long... args) {
        line.enter(A, call, args);
        line.switchTo(0, (int) PrevState.UNINTERRUPTIBLE);
        return waitsFor();
    }

    private String waitsFor() {
        return line.event.waitsFor + " " + line.object();
    }

    /** /proc tells where it sleeps since it was last switched out. */
    private String tells(String function, long sinceNs) {
        line.push(EventType.FACT, 0, -1, new Fact.OfSleep(new ThreadSnapshot(A, A, "p100", 'D', 1, new long[6]), function, sinceNs));
        return line.event.thread == null ? "-" : waitsFor();
    }

    private String wokenBy(String comm) {
        line.event.comm1 = Comm.pack(comm, 8);
        line.run(RCU);
        TraceEvent event = line.event;
        event.otherTid = RCU;
        event.number = 0;
        event.comm0 = Comm.pack(comm, 0);
        event.comm1 = Comm.pack(comm, 8);
        line.push(EventType.SCHED_SWITCH, B, B, null);
        line.wakesIn(0, RCU, RCU, A);
        return line.event.waitsFor == null ? "-" : waitsFor();
    }

    @Test
    void aFunctionThatIsForNoStorageIsWhatIsWaitedFor() {
        line.fd(A, 3, ObjectKind.DISK, "/data/file", 7, Timeline.O_RDWR);
        assertEquals("disk /data/file", sleeps("write", 3));
        assertEquals("other kernel: RCU", tells("synchronize_rcu_normal", line.nowNs));
        line.wakes(B, A);
        assertEquals(null, line.event.waitsFor, "not the file after all");
        assertEquals("-", line.object());
    }

    @Test
    void whoSleepsForStorageDoesSo() {
        line.fd(A, 3, ObjectKind.DISK, "/data/file", 7, Timeline.O_RDWR);
        sleeps("write", 3);
        assertEquals("-", tells("folio_wait_bit_common", line.nowNs));
        assertEquals("-", wokenBy("kworker/0:1"));
    }

    @Test
    void whatTheKernelMakesUpIsOnNoDisk() {
        line.fd(A, 3, ObjectKind.DISK, "/sys/fs/cgroup/a/cgroup.procs", 7, Timeline.O_RDWR);
        assertEquals("other /sys/fs/cgroup/a/cgroup.procs", sleeps("write", 3));
        assertEquals("other kernel: some_function", tells("some_function", line.nowNs));
    }

    @Test
    void ofACallOnNoFileEachFunctionSays() {
        assertEquals("other -", sleeps("membarrier", 1));
        assertEquals("other kernel: some_function", tells("some_function", line.nowNs));
        assertEquals("other kernel: RCU", tells("synchronize_rcu_expedited", line.nowNs - 1000));
    }

    @Test
    void anAnswerAboutTheSleepBeforeSaysNothing() {
        sleeps("umount2", 0x7000, 0);
        long beforeNs = line.nowNs;
        line.wakes(B, A);
        line.exit(A, "umount2", 0);
        sleeps("umount2", 0x7000, 0);
        assertEquals("-", tells("synchronize_rcu_expedited", beforeNs));
    }

    @Test
    void whoIsWokenByAThreadOfRcuHasWaitedForThat() {
        assertEquals("disk -", sleeps("umount2", 0x7000, 0));
        assertEquals("other kernel: RCU", wokenBy("rcu_exp_gp_kthread_worker"));
        assertEquals(new Words("in umount2 on", "kernel: RCU", ""), Families.ALL.words(ObjectKind.OTHER, "umount2", "kernel: RCU"));
    }

    /** A program may be called as a thread of the kernel. */
    @Test
    void onlyTheKernelsThreadsAre() {
        line.push(EventType.FACT, 0, -1, new Fact.OfThread(RCU, new ProcessSnapshot(RCU, 1, "rcu_preempt", "")));
        sleeps("umount2", 0x7000, 0);
        assertEquals("-", wokenBy("rcu_preempt"));
    }

    /** Those that are woken by a signal, too. */
    @Test
    void whoSleepsInSIsNotMeant() {
        line.blocks(A, "read", 3);
        assertEquals("-", wokenBy("rcu_preempt"));
        assertFalse(line.event.evidence == null);
    }
}
