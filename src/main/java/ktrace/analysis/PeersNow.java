package ktrace.analysis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import ktrace.event.Peer;

/** Who is at the other end of waits that go on, by the names that they have now: since the wait began one may have become another program. */
final class PeersNow {
    private final Map<Integer, String> names = new HashMap<>();

    /** @param processes all of a summary */
    PeersNow(List<ProcessSummary> processes) {
        for (ProcessSummary process : processes) {
            if (process.exitNs() == null) {
                names.put(process.pid(), process.comm());
            }
        }
    }

    static List<ProcessSummary> in(List<ProcessSummary> processes) {
        PeersNow now = new PeersNow(processes);
        return replaced(processes, now::inWaits);
    }

    private ProcessSummary inWaits(ProcessSummary process) {
        List<WaitSummary> waits = replaced(process.waits(), wait -> wait.ongoing() ? named(wait) : wait);
        return waits == process.waits() ? process : new ProcessSummary(process.pid(), process.ppid(), process.comm(), process.cmdline(),
                process.startNs(), process.exitNs(), process.statesOnly(), process.threads(), process.states(), process.syscalls(), waits);
    }

    private WaitSummary named(WaitSummary w) {
        List<Peer> peers = replaced(w.peers(), this::named);
        return peers == w.peers() ? w : new WaitSummary(w.kind(), w.object(), w.syscall(), w.waker(), peers, w.evidence(), w.count(),
                w.totalNs(), w.p50Ns(), w.p99Ns(), w.maxNs(), w.ongoing(), w.threads(), w.because(), w.interrupts());
    }

    private Peer named(Peer peer) {
        String name = names.getOrDefault(peer.pid(), "");
        return name.isEmpty() || name.equals(peer.comm()) ? peer : new Peer(peer.pid(), name);
    }

    /** The same list where nothing is replaced. */
    private static <T> List<T> replaced(List<T> list, UnaryOperator<T> by) {
        for (T each : list) {
            if (by.apply(each) != each) {
                return list.stream().map(by).toList();
            }
        }
        return list;
    }
}
