package ktrace.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ktrace.analysis.Verdict.Bottleneck;
import ktrace.analysis.Verdict.Confidence;
import ktrace.analysis.Verdict.Part;
import ktrace.analysis.Verdict.Share;
import ktrace.analysis.Verdict.Why;
import ktrace.event.Peer;
import ktrace.event.ProcessId;
import ktrace.event.ThreadId;

/** Says of explanations what they come to. Used once. */
final class VerdictMaker {
    /** So much of the trace must have been waited for it at least, else it holds up nobody to speak of. */
    private static final double LEAST = 0.05;
    /** So much of it must be proved, or known at least. */
    private static final double SURE = 0.95;
    private static final double KNOWN = 0.7;
    private static final int MOST_WHY = 256;

    private record Who(int pid, long startNs) {
    }

    /** What others' time came to that ended on one process. */
    private static final class Blame {
        private final Map<ThreadId, Long> byThread = new LinkedHashMap<>();
        private final Map<Cause, Long> byCause = new EnumMap<>(Cause.class);
        private Explanation greatest;
        private long ns;
        private long sureNs;

        private void add(Explanation e) {
            ns += e.ns();
            sureNs += e.sureNs();
            byThread.merge(e.end(), e.ns(), Long::sum);
            byCause.merge(e.cause(), e.ns(), Long::sum);
            greatest = greatest == null || e.ns() > greatest.ns() ? e : greatest;
        }

        private void add(Blame other) {
            ns += other.ns;
            sureNs += other.sureNs;
            other.byCause.forEach((cause, causeNs) -> byCause.merge(cause, causeNs, Long::sum));
            greatest = greatest == null || other.greatest.ns() > greatest.ns() ? other.greatest : greatest;
        }

        /** The thread that more than half of it ended on, or null. */
        private ThreadId thread() {
            return byThread.entrySet().stream().filter(entry -> 2 * entry.getValue() > ns).map(Map.Entry::getKey).findFirst()
                    .orElse(null);
        }

        private List<Part> causes() {
            return byCause.entrySet().stream().map(entry -> new Part(entry.getKey(), entry.getValue()))
                    .sorted(Comparator.comparingLong(Part::ns).reversed()).toList();
        }
    }

    /** All processes of one name. */
    private static final class Program {
        private final Blame blame = new Blame();
        private int processes;
        private ProcessId greatest;
        private long greatestNs;

        private void add(ProcessId process, Blame of) {
            processes++;
            blame.add(of);
            if (of.ns > greatestNs) {
                greatest = process;
                greatestNs = of.ns;
            }
        }
    }

    private final List<Explanation> explanations;
    private final List<Stuck> stuck;
    private final List<Computing> computing;
    private final Map<Who, String> comms = new HashMap<>();
    /** Of those who are stuck, or compute. */
    private final Map<Integer, String> threadComms = new HashMap<>();

    VerdictMaker(ExplainedSoFar explained, List<ProcessSummary> processes) {
        explanations = explained.explanations();
        stuck = explained.stuck();
        computing = explained.computing();
        processes.forEach(process -> comms.put(new Who(process.pid(), process.startNs()), process.comm()));
        Set<Integer> tids = Stream.concat(stuck.stream().flatMap(one -> one.parties().stream()).map(Stuck.Party::tid),
                computing.stream().map(one -> one.thread().tid())).collect(Collectors.toSet());
        if (!tids.isEmpty()) {
            processes.stream().filter(process -> process.exitNs() == null).flatMap(process -> process.threads().stream())
                    .filter(thread -> tids.contains(thread.tid())).forEach(thread -> threadComms.put(thread.tid(), thread.comm()));
        }
    }

    /** @param durationNs of the trace */
    Verdict make(long durationNs, boolean anyLost) {
        return new Verdict(bottleneck(durationNs, anyLost), why(), stuck.stream().map(this::named).toList(),
                computing.stream().map(this::named).toList());
    }

    private Computing named(Computing one) {
        ProcessId process = one.thread().process();
        return new Computing(one.thread(), comms.getOrDefault(new Who(process.tgid(), process.startNs()), ""),
                threadComms.getOrDefault(one.thread().tid(), ""), one.times(), one.totalNs(), one.totalAwaitedNs(), one.greatest());
    }

    private Stuck named(Stuck nameless) {
        Stuck.End end = nameless.end();
        return new Stuck(nameless.parties().stream().map(this::named).toList(), nameless.ns(), end == null ? null
                : new Stuck.End(end.who(), end.does(), end.waits() == null ? null : named(end.waits())));
    }

    private Stuck.Party named(Stuck.Party party) {
        Who who = new Who(party.process().tgid(), party.process().startNs());
        return new Stuck.Party(party.process(), comms.getOrDefault(who, ""), party.tid(),
                threadComms.getOrDefault(party.tid(), ""), party.kind(), party.object(), party.syscall(), party.heldBy(),
                party.from());
    }

    private Bottleneck bottleneck(long durationNs, boolean anyLost) {
        Map<ProcessId, Blame> blames = new LinkedHashMap<>();
        long delayedNs = 0;
        long unknownNs = 0;
        for (Explanation e : explanations) {
            if (isWatched(e)) {
                continue;
            }
            if (!e.own() && (e.cause() == Cause.UNKNOWN || e.cause() == Cause.FURTHER_BACK)) {
                unknownNs += e.ns();
            } else if (!e.own() && e.cause().delays() && e.end() != null) {
                delayedNs += e.ns();
                blames.computeIfAbsent(e.end().process(), process -> new Blame()).add(e);
            }
        }
        Map.Entry<ProcessId, Blame> most = blames.entrySet().stream().max(Comparator.comparingLong(entry -> entry.getValue().ns))
                .orElse(null);
        if (most == null) {
            return null;
        }
        Program program = program(blames, most.getValue());
        Blame blame = program == null ? most.getValue() : program.blame;
        if (blame.ns < LEAST * durationNs) {
            return null;
        }
        Confidence confidence = anyLost || delayedNs < KNOWN * (delayedNs + unknownNs) ? Confidence.WEAK
                : blame.sureNs >= SURE * blame.ns ? Confidence.SURE : Confidence.LIKELY;
        if (program != null) {
            return new Bottleneck(program.greatest.tgid(), comm(program.greatest, blame.greatest), program.processes, 0, "", blame.causes(),
                    null, "", "", "", blame.ns, (double) blame.ns / delayedNs, confidence);
        }
        ThreadId thread = blame.thread();
        Explanation greatest = blame.greatest;
        String threadComm = thread != null && thread == greatest.end() && greatest.waker() != null ? greatest.waker().threadComm() : "";
        return new Bottleneck(most.getKey().tgid(), comm(most.getKey(), greatest), 1, thread == null ? 0 : thread.tid(), threadComm,
                blame.causes(), runner(most.getKey()), cgroup(most.getKey()), affinity(most.getKey()),
                greatest.object() == null ? "" : greatest.object().name(), blame.ns, (double) blame.ns / delayedNs,
                confidence);
    }

    /** Nobody has asked why those took so long who are watched because others wait for them. */
    private static boolean isWatched(Explanation e) {
        return e.waiter() != null && e.waiter().statesOnly();
    }

    /**
     * Several processes of one name, as those that a shell starts one after the other, or the workers of a server: others waited for
     * them longer than for anybody else, and for none of them for most of that.
     *
     * @param most of the process that others waited for longest
     * @return null where there are none
     */
    private Program program(Map<ProcessId, Blame> blames, Blame most) {
        Map<String, Program> programs = new LinkedHashMap<>();
        blames.forEach((process, blame) -> programs.computeIfAbsent(comm(process, blame.greatest), name -> new Program())
                .add(process, blame));
        programs.remove("");
        return programs.values().stream().filter(program -> program.blame.ns > most.ns && 2 * program.greatestNs < program.blame.ns)
                .max(Comparator.comparingLong(program -> program.blame.ns)).orElse(null);
    }

    /** Who had the CPU for at least half of the time that {@code process} was in the queue for one. */
    private Peer runner(ProcessId process) {
        List<Explanation> queued = queued(process);
        long totalNs = queued.stream().mapToLong(Explanation::ns).sum();
        return queued.stream().filter(e -> e.waker() != null && 2 * e.ns() >= totalNs).map(e -> e.waker().process()).findFirst()
                .orElse(null);
    }

    /** By whose quota {@code process} was held back. */
    private String cgroup(ProcessId process) {
        return explanations.stream().filter(e -> e.own() && e.waiter() == process && e.cause() == Cause.THROTTLED)
                .map(VerdictMaker::cgroup).findFirst().orElse("");
    }

    private List<Explanation> queued(ProcessId process) {
        return explanations.stream().filter(e -> e.own() && e.waiter() == process && e.cause() == Cause.QUEUE).toList();
    }

    /** To which CPUs {@code process} is bound, when others idled for half of the time at least that it was in the queue. */
    private String affinity(ProcessId process) {
        List<Explanation> queued = queued(process);
        long totalNs = queued.stream().mapToLong(Explanation::ns).sum();
        return queued.stream().filter(e -> 2 * e.ns() >= totalNs).map(VerdictMaker::affinity).filter(name -> !name.isEmpty())
                .findFirst().orElse("");
    }

    private static String affinity(Explanation part) {
        return part.cause() == Cause.QUEUE && part.object() != null ? part.object().name() : "";
    }

    private static String cgroup(Explanation part) {
        return part.cause() == Cause.THROTTLED && part.object() != null ? part.object().name() : "";
    }

    private String comm(ProcessId process, Explanation explanation) {
        String comm = comms.get(new Who(process.tgid(), process.startNs()));
        return comm != null ? comm : explanation.waker() == null ? "" : explanation.waker().comm();
    }

    private List<Why> why() {
        Map<ProcessId, List<Explanation>> byProcess = new LinkedHashMap<>();
        for (Explanation e : explanations) {
            if (e.waiter() != null && !isWatched(e)) {
                byProcess.computeIfAbsent(e.waiter(), process -> new ArrayList<>()).add(e);
            }
        }
        List<Why> why = new ArrayList<>();
        byProcess.forEach((process, parts) -> {
            List<Share> shares = new ArrayList<>();
            parts.forEach(part -> shares.add(share(process, part)));
            shares.sort(Comparator.comparingLong(Share::ns).reversed());
            why.add(new Why(process.tgid(), comm(process, parts.getFirst()), process.startNs(),
                    parts.stream().mapToLong(Explanation::ns).sum(), List.copyOf(shares)));
        });
        why.sort(Comparator.comparingLong(Why::totalNs).reversed());
        return List.copyOf(why.subList(0, Math.min(MOST_WHY, why.size())));
    }

    private Share share(ProcessId process, Explanation part) {
        if (part.own()) {
            return new Share(process.tgid(), comms.getOrDefault(new Who(process.tgid(), process.startNs()), ""), 0, part.cause(),
                    part.waker() == null ? null : part.waker().process(), cgroup(part), affinity(part),
                    part.ns());
        }
        if (part.end() != null) {
            ProcessId end = part.end().process();
            return new Share(end.tgid(), comm(end, part), part.end().tid(), part.cause(), null, part.ns());
        }
        return part.waker() == null ? new Share(0, "", 0, part.cause(), null, part.ns())
                : new Share(part.waker().pid(), part.waker().comm(), 0, part.cause(), null, part.ns());
    }
}
