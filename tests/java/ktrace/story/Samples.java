package ktrace.story;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ktrace.analysis.Cause;
import ktrace.analysis.Computing;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.StateTimes;
import ktrace.analysis.Summary;
import ktrace.analysis.SyscallSummary;
import ktrace.analysis.SyscallSummary.Bucket;
import ktrace.analysis.ThreadSummary;
import ktrace.analysis.ThreadWaits;
import ktrace.analysis.Verdict;
import ktrace.analysis.graph.Edge;
import ktrace.analysis.graph.Graph;
import ktrace.analysis.graph.Node;
import ktrace.analysis.WaitSummary;
import ktrace.event.Evidence;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;
import ktrace.event.ThreadId;
import ktrace.event.ProcessId;
import ktrace.event.TraceCounter;
import ktrace.event.Waker;

/** Summaries invented for tests of what is shown. */
public final class Samples {
    public static final long MS = 1_000_000;
    public static final long S = 1_000_000_000;

    private Samples() {
    }

    /** cat writes into a pipe that sort reads; a server waits on TCP, a shell for its child. */
    public static Summary pipeline(Summary.Scope scope, long durationNs) {
        long d = durationNs;
        return summary(scope, d, 0, Map.of(TraceCounter.IN_FLIGHT_AT_ATTACH, 3L, TraceCounter.UNKNOWN_FD, 2L), List.of(
                process(810, "bash", "bash -c cat big.log | sort -n", List.of(), states(d, 0, 1, 0, 990, 0, 0),
                        List.of(syscall("wait4", 1, 0, d * 99 / 100, 30)),
                        List.of(wait(ObjectKind.CHILD, "child 812", "wait4", null, List.of(), Evidence.NONE, 0, d * 99 / 100,
                        true))),
                process(811, "cat", "cat big.log", List.of(), states(d, 203, 12, 3, 600, 150, 0),
                        List.of(syscall("write", 48_211, 12, d * 600 / 1000, 12, "EAGAIN", 12L),
                                syscall("read", 48_213, 0, d * 180 / 1000, 9)),
                        List.of(wait(ObjectKind.PIPE, "pipe:[8123]", "write", new Peer(812, "sort"), List.of(), Evidence.OBJECT,
                                        903, d * 600 / 1000, false),
                                wait(ObjectKind.DISK, "/var/log/big.log", "read", null, List.of(), Evidence.INTERRUPT, 212,
                                        d * 150 / 1000, false))),
                process(812, "sort", "sort -n", List.of(new ThreadSummary(812, "sort", states(d, 30, 4, 0, 960, 0, 0)),
                                new ThreadSummary(820, "sort", states(d, 310, 14, 0, 610, 0, 0))),
                        states(2 * d, 340, 18, 0, 1570, 0, 0),
                        List.of(syscall("read", 1_204, 0, d * 96 / 100, 20),
                                syscall("futex", 310, 120, d * 61 / 100, 18, "EAGAIN", 110L, "ETIMEDOUT", 10L)),
                        List.of(wait(ObjectKind.PIPE, "pipe:[8123]", "read", new Peer(811, "cat"), List.of(), Evidence.OBJECT,
                                        1_204, d * 96 / 100, false),
                                wait(ObjectKind.FUTEX, "futex 0x7f3a10c0", "futex", new Peer(812, "sort"), List.of(),
                                        Evidence.WAKER, 310, d * 61 / 100, true))),
                process(4321, "postgres", "postgres: app app 127.0.0.1(51234) SELECT", List.of(),
                        states(d, 120, 1, 2, 800, 20, 0),
                        List.of(syscall("epoll_wait", 2_011, 0, d * 80 / 100, 17), syscall("recvfrom", 2_011, 3, d / 1000, 8,
                                "ECONNRESET", 2L, "EAGAIN", 1L)),
                        List.of(wait(ObjectKind.TCP, "tcp 127.0.0.1:5432→127.0.0.1:51234", "epoll_wait", new Peer(4400, "pgbench"),
                                List.of(), Evidence.OBJECT, 2_010, d * 78 / 100, false),
                                wait(ObjectKind.UNIX, "unix:[99182]", "recvmsg", null,
                                        List.of(new Peer(77, "journald"), new Peer(1, "systemd"), new Peer(5, "dbus")),
                                        Evidence.NONE, 3, d * 2 / 100, false)))));
    }

    /** More processes than fit anywhere: one in ten does something. */
    public static Summary crowd(int processes) {
        List<ProcessSummary> list = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            boolean busy = i % 10 == 0;
            long waitNs = busy ? (100 + i) * MS : S;
            list.add(process(1000 + i, busy ? "worker" + i : "idled", "/usr/bin/worker --number " + i, List.of(),
                    busy ? states(S, 300, 5, 0, 100 + i, 0, 500 - i) : states(S, 0, 0, 0, 1000, 0, 0),
                    busy ? List.of(syscall("sendmsg", 10 + i, 0, waitNs, 10)) : List.of(),
                    List.of(wait(ObjectKind.UNIX, "unix:[" + (5000 + i) + "]", "recvmsg", busy ? new Peer(1, "init") : null,
                            List.of(new Peer(1, "init")), busy ? Evidence.OBJECT : Evidence.NONE, busy ? 10 : 0, waitNs, !busy))));
        }
        return summary(Summary.Scope.INTERVAL, S, 0, Map.of(), list);
    }

    /** Names that would take over the terminal, or push columns about. */
    public static Summary hostile() {
        return summary(Summary.Scope.FINAL, S, 12_340,
                Map.of(TraceCounter.LOST_EVENTS, 12_340L, TraceCounter.MALFORMED_RECORDS, 1L),
                List.of(process(666, "\u001b[2J\u001b]0;x\u0007", "rm\n-rf \u202e/ \u009b31m", List.of(),
                states(S, 500, 0, 0, 500, 0, 0),
                                List.of(syscall("read", 7, 0, 5 * MS, 11)),
                                List.of(wait(ObjectKind.FIFO, "/tmp/\r\u001b[1A\u200bfifo", "read",
                                new Peer(667, "工作者\u0301\u0301\u0301"),
                                        List.of(), Evidence.WAKER, 7, 500 * MS, false))),
                        process(667, "工作者プロセス", "工作者 -x \ud800 \\n", List.of(), states(S, 0, 0, 0, 0, 1000, 0),
                                List.of(syscall("fsync", 3, 3, S, 28, "EIO", 3L)),
                                List.of(wait(ObjectKind.DISK, "/data/文件/👍🏽", "fsync", null, List.of(), Evidence.INTERRUPT, 3, S,
                                false))),
                        process(668, "", "", List.of(), states(S, 0, 0, 0, 0, 0, 400), List.of(),
                                List.of(wait(ObjectKind.SLEEP, "sleep", "clock_nanosleep", null, List.of(), Evidence.INTERRUPT, 4,
                                        400 * MS, false)))));
    }

    /** Waits that are many of a kind: 40 children that feed a pipe in turn, 60 connections of one client, 20 files. */
    public static Summary alike() {
        List<WaitSummary> waits = new ArrayList<>();
        waits.add(wait(ObjectKind.PIPE, "pipe:[7]", "read", new Peer(500, "bash"), List.of(), Evidence.OBJECT, 5, 300 * MS, false));
        for (int i = 0; i < 60; i++) {
            if (i < 40) {
                waits.add(wait(ObjectKind.PIPE, "pipe:[7]", "read", new Peer(501 + i, "seq"), List.of(new Peer(500, "bash")),
                        Evidence.WAKER, 2, 5 * MS + i, false));
            }
            waits.add(wait(ObjectKind.TCP, "tcp 127.0.0.1:6379→127.0.0.1:" + (40_000 + i), "epoll_wait", new Peer(900, "client"),
                    List.of(), Evidence.OBJECT, 10, 4 * MS, i == 7));
            if (i < 20) {
                waits.add(wait(ObjectKind.DISK, "/data/" + i, "read", null, List.of(), Evidence.INTERRUPT, 1, MS, false));
            }
        }
        for (int i = 0; i < 3; i++) {
            waits.add(wait(ObjectKind.UNIX, "unix:[" + i + "]", "read", new Peer(7, "few"), List.of(), Evidence.OBJECT, 1, MS,
                    false));
        }
        return summary(Summary.Scope.FINAL, S, 0, Map.of(), List.of(process(77, "server", "server", List.of(),
                states(S, 100, 0, 0, 880, 20, 0), List.of(), waits)));
    }

    /** A shell's loop: one child after the other, the last one still there. */
    public static Summary loop() {
        List<ProcessSummary> list = new ArrayList<>();
        List<WaitSummary> waits = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int pid = 301 + i;
            long ns = 40 * MS + i;
            waits.add(wait(ObjectKind.CHILD, "child " + pid, "wait4", new Peer(pid, "sleep"), List.of(), Evidence.OBJECT, 1, ns,
                    false));
            ProcessSummary child = process(pid, "sleep", "sleep 0.04", List.of(), states(ns, 20, 5, 0, 0, 0, 975),
                    List.of(syscall("clock_nanosleep", 1, 0, ns, 25), syscall("openat", 8, 2, ns / 100, 11, "ENOENT", 2L)),
                    List.of(wait(ObjectKind.SLEEP, "sleep", "clock_nanosleep", null, List.of(), Evidence.INTERRUPT, 1, ns, false)));
            list.add(i == 39 ? child : new ProcessSummary(pid, 300, child.comm(), child.cmdline(), i, (long) i + 1, child.threads(),
                    child.states(), child.syscalls(), child.waits()));
        }
        list.add(process(300, "sh", "sh -c while :; do sleep 0.04; done", List.of(), states(2 * S, 30, 0, 0, 970, 0, 0),
                List.of(syscall("wait4", 80, 40, 2 * S, 26, "ECHILD", 40L)), waits));
        return summary(Summary.Scope.FINAL, 2 * S, 0, Map.of(), list);
    }

    /**
     * Threads of one process that wait for one another: two workers for the locks that a third thread holds, twelve for one queue,
     * and a crowd a little each; and one for another process.
     */
    public static Summary threads() {
        List<ThreadSummary> threads = new ArrayList<>();
        List<WaitSummary> waits = new ArrayList<>();
        threads.add(new ThreadSummary(900, "java", states(4 * S, 10, 0, 0, 990, 0, 0)));
        threads.add(new ThreadSummary(901, "hog-holder", states(4 * S, 900, 10, 0, 0, 0, 90)));
        for (int i = 1; i <= 2; i++) {
            threads.add(new ThreadSummary(901 + i, "worker-" + i, states(4 * S, 80, 20, 0, 900, 0, 0)));
            waits.add(within(900, "futex 0x7f3a10c" + i, Evidence.OBJECT,
                    part(901 + i, "worker-" + i, 901, "hog-holder", 20, 3600 * MS - i)));
        }
        List<ThreadWaits> queue = new ArrayList<>();
        List<ThreadWaits> crowd = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            threads.add(new ThreadSummary(910 + i, "pool-" + i, states(4 * S, 200, 0, 0, 800, 0, 0)));
            queue.add(part(910 + i, "pool-" + i, 909, "queue\u001b[2J", 5, 3 * S + i));
            crowd.add(part(910 + i, "pool-" + i, 910 + (i + 1) % 12, "pool-" + (i + 1) % 12, 3, 50 * MS + i));
        }
        threads.add(new ThreadSummary(909, "queue\u001b[2J", states(4 * S, 900, 0, 0, 0, 0, 100)));
        waits.add(within(900, "futex 0x7f3a2000", Evidence.OBJECT, queue.toArray(ThreadWaits[]::new)));
        waits.add(within(900, "futex 0x7f3a3000", Evidence.OBJECT, crowd.toArray(ThreadWaits[]::new)));
        waits.add(within(900, "futex 0x7f3a4000", Evidence.WAKER, part(0, "", 0, "", 7, 40 * MS)));
        waits.add(wait(ObjectKind.TCP, "tcp 127.0.0.1:3306→127.0.0.1:50000", "read", new Peer(77, "mariadbd"), List.of(),
                Evidence.OBJECT, 30, 400 * MS, false));
        StateTimes all = threads.stream().map(ThreadSummary::states).reduce(StateTimes.NONE, StateTimes::plus);
        return summary(Summary.Scope.FINAL, 4 * S, 0, Map.of(),
                List.of(process(900, "java", "java -jar server.jar", threads, all, List.of(), waits)));
    }

    /** Waits of one thread of {@code java(900)} that another one ended. */
    public static ThreadWaits part(int tid, String comm, int wakerTid, String wakerComm, long count, long totalNs) {
        return new ThreadWaits(tid, comm, new Waker(null, wakerTid, wakerComm, new Peer(900, "java")), count, totalNs,
                totalNs / count, totalNs / count * 2, totalNs / count * 3, false);
    }

    /** Waits for a futex that threads of the same process ended: the sums of {@code parts}. */
    public static WaitSummary within(int pid, String object, Evidence evidence, ThreadWaits... parts) {
        long count = 0;
        long totalNs = 0;
        for (ThreadWaits part : parts) {
            count += part.count();
            totalNs += part.totalNs();
        }
        Waker waker = parts.length == 1 ? parts[0].waker() : Waker.of(new Peer(pid, "java"));
        return new WaitSummary(ObjectKind.FUTEX, object, "futex", waker, List.of(), evidence, count, totalNs, totalNs / count,
                totalNs / count * 3, totalNs / count * 4, false, List.of(parts));
    }

    public static Summary empty() {
        return summary(Summary.Scope.FINAL, S, 0, Map.of(), List.of());
    }

    /** One wait of each kind, so that each sentence can be read. */
    public static Summary everyKind() {
        List<WaitSummary> waits = new ArrayList<>();
        Object[][] rows = {
            {ObjectKind.PIPE, "pipe:[1]", "read"}, {ObjectKind.PIPE, "pipe:[1]", "write"}, {ObjectKind.FIFO, "/tmp/f", "openat"},
            {ObjectKind.UNIX, "unix:[2]", "sendmsg"}, {ObjectKind.UNIX, "unix:[2]", "connect"},
            {ObjectKind.TCP, "tcp 0.0.0.0:80", "accept4"}, {ObjectKind.TCP, "tcp 10.0.0.1:80→10.0.0.2:4000", "recvfrom"},
            {ObjectKind.UDP, "udp 0.0.0.0:53", "recvmsg"}, {ObjectKind.NETLINK, "netlink:[9]", "recvmsg"},
            {ObjectKind.EVENTFD, "eventfd:[3]", "read"}, {ObjectKind.SIGNALFD, "signalfd fd 4", "read"},
            {ObjectKind.TIMERFD, "timerfd fd 5", "read"}, {ObjectKind.FUTEX, "futex 0x7f00", "futex"},
            {ObjectKind.FUTEX, "futexes", "futex_waitv"}, {ObjectKind.SYSVMSG, "queue 6", "msgrcv"},
            {ObjectKind.SYSVMSG, "queue 6", "msgsnd"}, {ObjectKind.SYSVSEM, "semaphores 7", "semop"},
            {ObjectKind.MQUEUE, "/mq", "mq_timedreceive"}, {ObjectKind.MQUEUE, "/mq", "mq_timedsend"},
            {ObjectKind.CHILD, "child 811", "wait4"}, {ObjectKind.CHILD, "child", "waitid"}, {ObjectKind.CHILD, "child 9", "vfork"},
            {ObjectKind.SIGNAL, "signal", "pause"}, {ObjectKind.FILELOCK, "/run/lock", "fcntl"}, {ObjectKind.POLL, "poll", "poll"},
            {ObjectKind.POLL, "epoll fd 5", "epoll_wait"}, {ObjectKind.TCP, "tcp 1.1.1.1:1→2.2.2.2:2", "epoll_wait"},
            {ObjectKind.PIPE, "pipe", "poll"}, {ObjectKind.INOTIFY, "inotify fd 3", "read"}, {ObjectKind.TTY, "/dev/pts/1", "read"},
            {ObjectKind.TTY, "/dev/pts/1", "ioctl"}, {ObjectKind.DISK, "/data/f", "fsync"}, {ObjectKind.DISK, "", "openat"},
            {ObjectKind.DISK, "", null}, {ObjectKind.SLEEP, "sleep", "nanosleep"}, {ObjectKind.SLEEP, "sleep", "poll"},
            {ObjectKind.OTHER, "", null}, {ObjectKind.OTHER, "other", "ioctl"}, {ObjectKind.OTHER, "/dev/nvidia0", "ioctl"},
            {ObjectKind.OTHER, "(page fault)", null}, {ObjectKind.TCP, "(other tcp)", "read"}, {ObjectKind.PIPE, "", "read"},
            {ObjectKind.TCP, "unknown", "read"}};
        long totalNs = 80 * MS;
        for (Object[] row : rows) {
            totalNs -= MS;
            waits.add(wait((ObjectKind) row[0], (String) row[1], (String) row[2], null, List.of(), Evidence.NONE, 2, totalNs,
                    false));
        }
        return summary(Summary.Scope.FINAL, 10 * S, 0, Map.of(),
                List.of(process(1, "p", "p", List.of(), states(10 * S, 0, 0, 0, 1000, 0, 0), List.of(), waits)));
    }

    /** With a verdict. */
    public static Summary judged(Verdict.Bottleneck bottleneck) {
        Summary s = pipeline(Summary.Scope.FINAL, 10 * S);
        Verdict verdict = new Verdict(bottleneck, List.of(new Verdict.Why(811, "cat", 5 * S, 10 * S, List.of(
                new Verdict.Share(812, "sort", 820, Cause.COMPUTES, null, 6 * S), new Verdict.Share(811, "cat", 0, Cause.DISK, null, 3 * S),
                new Verdict.Share(0, "", 0, Cause.OUTSIDE, null, S)))), List.of(), List.of(computing()));
        return new Summary(s.scope(), s.collector(), s.startNs(), s.durationNs(), s.events(), s.syscallEvents(), s.lost(), s.counters(),
                s.self(), s.processes(), verdict, graph());
    }

    /** By a thread of the bottleneck's. */
    public static Computing computing() {
        return new Computing(new ThreadId(820, new ProcessId(812, 1, 5 * S, 0), 5 * S, 0), "so\u001brt", "sort-worker", 12, 2 * S, 3 * S,
                new Computing.Greatest(new Computing.Call("read", "tcp 10.0.0.1:8080→10.0.0.2:55600"),
                        new Computing.Call("write", "tcp 10.0.0.1:8080→10.0.0.2:55600"), 541 * MS, 600 * MS, 3, 1600 * MS));
    }

    /** A client, two servers that ask each other, and one that nobody traced. */
    public static Graph graph() {
        Node cat = new Node(811, 5 * S, "cat");
        Node sort = new Node(812, 5 * S, "so\u001brt");
        Node shell = new Node(700, 5 * S, "sh");
        Node stranger = new Node(77, Node.UNOBSERVED, "dbus-daemon");
        return Graph.of(List.of(
                new Edge(sort, cat, ObjectKind.PIPE, 1204, 6 * S, 9_100_000, 4L << 20, Evidence.OBJECT, 6 * S, 0, 0),
                new Edge(shell, sort, ObjectKind.CHILD, 1, 5 * S, 5 * S, Edge.UNKNOWN_BYTES, Evidence.OBJECT, 5 * S, 0, 0),
                new Edge(cat, sort, ObjectKind.PIPE, 12, 2 * S, 90_000_000, 4L << 20, Evidence.WAKER, S / 2, 0, 0),
                new Edge(sort, sort, ObjectKind.FUTEX, 30, S, 90_000_000, Edge.UNKNOWN_BYTES, Evidence.OBJECT, S, 0, 0),
                new Edge(cat, stranger, ObjectKind.UNIX, 3, S / 1000, 400_000, 0, Evidence.OBJECT, S / 1000, 0, 0)),
                new Graph.LeftOut(2, 14, S / 2000));
    }

    public static Verdict.Bottleneck bottleneck(Cause cause, Verdict.Confidence confidence) {
        return new Verdict.Bottleneck(812, "so\u001brt", 820, "sort-worker", List.of(new Verdict.Part(cause, 4 * S)), new Peer(77, "yes"), "pipe:[8123]", 4 * S, 0.7654, confidence);
    }

    public static Summary summary(Summary.Scope scope, long durationNs, long lost, Map<TraceCounter, Long> counters,
            List<ProcessSummary> processes) {
        return new Summary(scope, "perf", 5 * S, durationNs, durationNs / 800, durationNs / 900, lost, counters,
                new SelfUsage(durationNs * 31 / 1000, 118L << 20), processes);
    }

    public static ProcessSummary process(int pid, String comm, String cmdline, List<ThreadSummary> threads, StateTimes states,
            List<SyscallSummary> syscalls, List<WaitSummary> waits) {
        List<ThreadSummary> all = threads.isEmpty() ? List.of(new ThreadSummary(pid, comm, states)) : threads;
        return new ProcessSummary(pid, 1, comm, cmdline, 5 * S, null, all, states, syscalls, waits);
    }

    /** Shares in thousandths of a second of each; what is left is a sleep. */
    public static StateTimes states(long totalNs, long running, long runnable, long unknown, long ipc, long disk, long sleep) {
        long per = totalNs / 1000;
        long scale = Math.max(1000, running + runnable + unknown + ipc + disk + sleep);
        per = totalNs / scale;
        long other = 0;
        long used = (running + runnable + unknown + ipc + disk + sleep) * per;
        long sleepNs = sleep * per + (totalNs - used);
        return new StateTimes(running * per, runnable * per, 0, ipc * per + disk * per + sleepNs + other, unknown * per, ipc * per,
                disk * per, sleepNs, 0, 0, other, 1_204, 12, 3);
    }

    public static WaitSummary wait(ObjectKind kind, String object, String syscall, Peer waker, List<Peer> peers, Evidence evidence,
            long count, long totalNs, boolean ongoing) {
        long meanNs = count == 0 ? 0 : totalNs / count;
        Waker thread = waker == null ? null : new Waker(null, waker.pid(), waker.comm(), waker);
        return new WaitSummary(kind, object, syscall, thread, peers, evidence, count, totalNs, meanNs, meanNs * 3, meanNs * 4,
                ongoing, List.of());
    }

    /** @param peak the power of two that most calls fall into */
    public static SyscallSummary syscall(String name, long calls, long errors, long totalNs, int peak, Object... errnos) {
        Map<String, Long> byName = new LinkedHashMap<>();
        for (int i = 0; i < errnos.length; i += 2) {
            byName.put((String) errnos[i], (Long) errnos[i + 1]);
        }
        List<Bucket> buckets = new ArrayList<>();
        long[] shares = {2, 9, 30, 40, 14, 4, 1};
        for (int i = 0; i < shares.length; i++) {
            long inBucket = calls < 7 ? (i == 3 ? calls : 0) : Math.max(1, calls * shares[i] / 100);
            if (inBucket > 0) {
                buckets.add(new Bucket(1L << Math.max(0, peak - 3 + i), inBucket));
            }
        }
        return new SyscallSummary(name, 0, calls, errors, totalNs, 1L << Math.max(0, peak - 3), 3L << peak + 2, 1L << peak,
                5L << peak, 10L << peak, byName, List.copyOf(buckets));
    }
}
