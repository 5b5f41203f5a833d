package ktrace.story.connection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.Summary;
import ktrace.analysis.WaitSummary;
import ktrace.analysis.graph.Edge;
import ktrace.event.ObjectKind;
import ktrace.event.Peer;

/**
 * A pipe, a socket or a queue that somebody waited at, and who is at it.
 *
 * @param object its name, unescaped; of a connection the one end's
 * @param names all that it goes by: each end of a connection has its own
 * @param ends who waited at it, who ended these waits, and who else holds the other end
 * @param emptyNs waited because there was nothing to be read
 * @param fullNs waited because there was no room to write
 * @param otherNs waited in a call that does not tell which, as in poll
 * @param bytes what the processes at it moved by things of its kind; {@link Edge#UNKNOWN_BYTES} when that is not known, or is of several
 */
public record Connection(ObjectKind kind, String object, Set<String> names, List<Peer> ends, long count, long emptyNs, long fullNs, long otherNs,
        long bytes) {
    private static final Set<ObjectKind> KINDS = Set.of(ObjectKind.PIPE, ObjectKind.FIFO, ObjectKind.UNIX, ObjectKind.TCP, ObjectKind.UDP,
            ObjectKind.NETLINK, ObjectKind.PACKET, ObjectKind.SYSVMSG, ObjectKind.MQUEUE, ObjectKind.EVENTFD, ObjectKind.TTY);
    private static final String TO = "→";

    /** Both ends of one connection name it, each as seen from its side. */
    private record Same(ObjectKind kind, String object) {
    }

    private static final class Sum {
        private final String object;
        private final Set<String> names = new HashSet<>();
        private final Map<Integer, Peer> ends = new LinkedHashMap<>();
        /** Those that waited there, and that ended such waits. */
        private final Set<Integer> active = new TreeSet<>();
        private long count;
        private long emptyNs;
        private long fullNs;
        private long otherNs;

        private Sum(String object) {
            this.object = object;
        }

        private void add(ProcessSummary process, WaitSummary wait) {
            names.add(wait.object());
            active.add(process.pid());
            ends.putIfAbsent(process.pid(), new Peer(process.pid(), process.comm()));
            if (wait.waker() != null) {
                active.add(wait.waker().pid());
                ends.putIfAbsent(wait.waker().pid(), wait.waker().process());
            }
            wait.peers().forEach(peer -> ends.putIfAbsent(peer.pid(), peer));
            count += wait.count();
            String call = wait.syscall() == null ? "" : wait.syscall();
            if (call.contains("write") || call.contains("send") || call.equals("msgsnd") || call.equals("connect")) {
                fullNs += wait.totalNs();
            } else if (call.contains("poll") || call.contains("select") || call.isEmpty()) {
                otherNs += wait.totalNs();
            } else {
                emptyNs += wait.totalNs();
            }
        }
    }

    /** Longest waited at first; {@code soFar} is asked for bytes, which are known of the whole trace alone. */
    public static List<Connection> of(Summary summary, Summary soFar) {
        Map<Same, Sum> sums = new LinkedHashMap<>();
        for (ProcessSummary process : summary.processes()) {
            for (WaitSummary wait : process.waits()) {
                if (KINDS.contains(wait.kind()) && wait.object() != null && !wait.object().isEmpty()) {
                    sums.computeIfAbsent(same(wait), same -> new Sum(wait.object())).add(process, wait);
                }
            }
        }
        Map<String, Integer> shared = new HashMap<>();
        sums.forEach((same, sum) -> shared.merge(pair(same.kind, sum), 1, Integer::sum));
        List<Connection> connections = new ArrayList<>();
        sums.forEach((same, sum) -> connections.add(new Connection(same.kind, sum.object, Set.copyOf(sum.names), List.copyOf(sum.ends.values()), sum.count,
                sum.emptyNs, sum.fullNs, sum.otherNs,
                shared.get(pair(same.kind, sum)) == 1 ? bytes(same.kind, sum, soFar) : Edge.UNKNOWN_BYTES)));
        connections.sort(Comparator.comparingLong(Connection::totalNs).reversed().thenComparing(Connection::object));
        return connections;
    }

    private static Same same(WaitSummary wait) {
        int arrow = wait.object().indexOf(TO);
        int blank = wait.object().indexOf(' ');
        if (arrow < 0 || blank < 0 || blank > arrow) {
            return new Same(wait.kind(), wait.object());
        }
        String near = wait.object().substring(blank + 1, arrow);
        String far = wait.object().substring(arrow + TO.length());
        return new Same(wait.kind(), near.compareTo(far) <= 0 ? near + TO + far : far + TO + near);
    }

    private static String pair(ObjectKind kind, Sum sum) {
        return kind.label() + sum.active;
    }

    /** Two processes with one such thing between them: what went between them went by it. */
    private static long bytes(ObjectKind kind, Sum sum, Summary soFar) {
        if (sum.active.size() != 2) {
            return Edge.UNKNOWN_BYTES;
        }
        return soFar.graph().edges().stream().filter(e -> e.kind() == kind && !e.isWithinProcess()
                && sum.active.contains(e.from().pid()) && sum.active.contains(e.to().pid())).mapToLong(Edge::bytes).max()
                .orElse(Edge.UNKNOWN_BYTES);
    }

    public long totalNs() {
        return emptyNs + fullNs + otherNs;
    }
}
