package ktrace.analysis;

import java.util.List;
import ktrace.event.Peer;

/**
 * Why it took as long as it did.
 *
 * @param bottleneck on whom most of the time ended that others waited; null when they waited for nobody to speak of
 * @param why of each process where its time went, those first that had most
 * @param stuck those who stand still as the trace ends, or this part of it, waiting for one another
 * @param computing those who computed for long while others waited for them, those first who were waited for longest
 */
public record Verdict(Bottleneck bottleneck, List<Why> why, List<Stuck> stuck, List<Computing> computing) {
    /** Stands for who has a CPU of a virtual machine that is not let run. */
    public static final Peer HYPERVISOR = new Peer(0, "the hypervisor");
    public static final Verdict NONE = new Verdict(null, List.of());

    /** One of nobody who stands still, nor computes for long. */
    public Verdict(Bottleneck bottleneck, List<Why> why) {
        this(bottleneck, why, List.of(), List.of());
    }

    /**
     * What the bottleneck does when others wait for it: it computes without a break, or would if it had a CPU, and that is most of
     * what they wait for.
     *
     * @return null where it is not
     */
    public Computing ofBottleneck() {
        if (bottleneck == null || bottleneck.processes() > 1) {
            return null;
        }
        return switch (bottleneck.cause()) {
            case COMPUTES, QUEUE, THROTTLED -> computing.stream().filter(one -> one.thread().process().tgid() == bottleneck.pid()
                    && 2 * one.totalAwaitedNs() >= bottleneck.ns()).findFirst().orElse(null);
            default -> null;
        };
    }

    /** How sure it is. The label is the lower-case name. */
    public enum Confidence {
        /** The object proves who ended every wait on the way. */
        SURE,
        /** Of some waits it is only known which task ended them. */
        LIKELY,
        /** Much is not known, or events were lost. */
        WEAK
    }

    /**
     * @param pid the process; of several the one that was waited for longest
     * @param processes of how many processes of that name it is told: of more than one when none of them alone is most of it
     * @param tid the thread of it that most ended on, or 0 when there are several
     * @param causes why, the greatest first; never empty
     * @param runner who had the CPU most of the time that it was in the queue for one; null when that is nobody known
     * @param cgroup the control group whose quota held it back most; empty when that is none known
     * @param affinity the CPUs that it is bound to, {@code CPU 0}, when others idled for most of its time in the queue; else empty
     * @param object what most of it waited for at last, or empty
     * @param ns how long others waited for it
     * @param share of all the time that somebody waited for somebody who kept them waiting, between 0 and 1
     */
    public record Bottleneck(int pid, String comm, int processes, int tid, String threadComm, List<Part> causes, Peer runner, String cgroup,
            String affinity, String object, long ns, double share, Confidence confidence) {
        /** One that no quota holds back. */
        public Bottleneck(int pid, String comm, int tid, String threadComm, List<Part> causes, Peer runner, String object, long ns,
                double share, Confidence confidence) {
            this(pid, comm, 1, tid, threadComm, causes, runner, "", "", object, ns, share, confidence);
        }

        /** The greatest. */
        public Cause cause() {
            return causes.getFirst().cause();
        }
    }

    /** How long for one cause. */
    public record Part(Cause cause, long ns) {
    }

    /**
     * @param totalNs the time of its threads under observation
     * @param shares add up to it, the greatest first
     */
    public record Why(int pid, String comm, long startNs, long totalNs, List<Share> shares) {
    }

    /**
     * @param pid of whom the time ended on: the process itself when it waited for nobody, 0 when that is nobody known
     * @param tid the thread, or 0
     * @param runner in the process's own time in the queue: who had the CPU; else null
     * @param cgroup of the process's own time in which it was held back: by which control group's quota; else, or not known, empty
     * @param affinity of its time in the queue while CPUs idled that it may not run on: to which it is bound; else empty
     */
    public record Share(int pid, String comm, int tid, Cause cause, Peer runner, String cgroup, String affinity,
            long ns) {
        /** One that is told by itself. */
        public Share(int pid, String comm, int tid, Cause cause, Peer runner, long ns) {
            this(pid, comm, tid, cause, runner, "", "", ns);
        }
    }
}
