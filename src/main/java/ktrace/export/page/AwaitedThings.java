package ktrace.export.page;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ktrace.event.Evidence;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.Waker;
import ktrace.intervals.Interval;

/** What was waited for and who ended that, each kind of wait by a number; 0 is what is not told, because there are too many. */
final class AwaitedThings {
    private static final int MOST = 50_000;

    /** @param endedByWaking whether the end of such a wait was seen */
    record Awaited(ObjectKind kind, KernelObject object, int syscall, Waker waker, Evidence evidence, boolean endedByWaking) {
        private static Awaited of(Interval wait) {
            return new Awaited(wait.kind(), wait.object(), wait.syscall(), wait.waker(), wait.evidence(),
                    wait.end() == Interval.End.WOKEN);
        }

        /** Whether {@code wait} was for that; without a new object for each wait. */
        private boolean is(Interval wait) {
            return wait.object() == object && wait.waker() == waker && wait.kind() == kind && wait.syscall() == syscall
                    && wait.evidence() == evidence && (wait.end() == Interval.End.WOKEN) == endedByWaking;
        }
    }

    private final List<Awaited> all = new ArrayList<>();
    private final Map<Awaited, Integer> numbers = new HashMap<>();

    /** @param last the number of the thread's wait before: the next is often for the same */
    int number(Interval wait, int last) {
        if (last != 0 && all.get(last - 1).is(wait)) {
            return last;
        }
        Awaited awaited = Awaited.of(wait);
        Integer known = numbers.get(awaited);
        if (known != null) {
            return known;
        }
        if (all.size() == MOST) {
            return 0;
        }
        all.add(awaited);
        numbers.put(awaited, all.size());
        return all.size();
    }

    /** In the order of their numbers, from 1. */
    List<Awaited> all() {
        return all;
    }
}
