package ktrace.analysis.path;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ktrace.analysis.Cause;
import ktrace.event.ProcessId;

/**
 * How much of a path one process took for one reason.
 *
 * @param pid its number; of what came from outside that of who sent it, or 0 when that is nobody known
 * @param comm its name, unescaped
 * @param outside what it came through, when it came from somebody outside whom nobody saw: {@code tcp 10.0.0.5:443}; else empty
 * @param stretches how many it is in
 */
public record PathShare(int pid, String comm, String outside, Cause cause, long ns, long stretches) {

    /** Adds up stretches, in any order. */
    public static final class Sums implements Consumer<Stretch> {
        private record Key(Object who, Cause cause) {
        }

        private static final class Sum {
            private final Stretch one;
            private long ns;
            private long stretches;

            private Sum(Stretch one) {
                this.one = one;
            }
        }

        private final History history;
        private final Map<Key, Sum> sums = new LinkedHashMap<>();
        private long count;

        public Sums(History history) {
            this.history = history;
        }

        @Override
        public void accept(Stretch stretch) {
            Object who = stretch.cause() != Cause.OUTSIDE ? stretch.thread().process()
                    : stretch.outside() != null ? stretch.outside().process() : through(stretch);
            Sum sum = sums.computeIfAbsent(new Key(who, stretch.cause()), key -> new Sum(stretch));
            sum.ns += stretch.lengthNs();
            sum.stretches++;
            count++;
        }

        /** How many stretches there were. */
        public long count() {
            return count;
        }

        /** The greatest first. */
        public List<PathShare> shares() {
            List<PathShare> shares = new ArrayList<>();
            sums.forEach((key, sum) -> shares.add(share(key, sum)));
            shares.sort(Comparator.comparingLong(PathShare::ns).reversed());
            return List.copyOf(shares);
        }

        private PathShare share(Key key, Sum sum) {
            if (key.who instanceof ProcessId process) {
                return new PathShare(process.tgid(), history.comm(process), "", key.cause, sum.ns, sum.stretches);
            }
            return sum.one.outside() != null
                    ? new PathShare(sum.one.outside().pid(), sum.one.outside().comm(), "", key.cause, sum.ns, sum.stretches)
                    : new PathShare(0, "", key.who.toString(), key.cause, sum.ns, sum.stretches);
        }

        /** The other end of a connection, as far as its name tells. */
        private static String through(Stretch stretch) {
            String name = stretch.object() == null ? "" : stretch.object().name();
            int arrow = name.lastIndexOf('→');
            return stretch.kind().label() + (arrow < 0 ? "" : " " + name.substring(arrow + 1));
        }
    }
}
