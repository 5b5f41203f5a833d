package ktrace.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the documents of one shard at the end of a window, and closes the window. On the shard's thread; allocates freely. */
final class ShardReport {
    private static final Comparator<ProcessSummary> BY_NUMBER = Comparator.comparingInt(ProcessSummary::pid)
            .thenComparingLong(ProcessSummary::startNs);

    private final Population population;
    private final WaitEnds waits;
    private final Names names;
    private final List<ProcessSummary> window = new ArrayList<>();
    private final List<ProcessSummary> soFar = new ArrayList<>();

    ShardReport(Population population, WaitEnds waits, Names names) {
        this.population = population;
        this.waits = waits;
        this.names = names;
    }

    void make(long nowNs, boolean last) {
        Map<ObservedProcess, IpcWaits> inNoRow = new HashMap<>();
        for (ObservedProcess process : population.alive()) {
            inNoRow.put(process, bringUpTo(nowNs, process, last));
        }
        int number = waits.window();
        IpcWaits nothing = IpcWaits.empty();
        for (ObservedProcess process : population.all()) {
            IpcWaits shown = inNoRow.getOrDefault(process, nothing);
            process.unify();
            if (process.isInWindow(number)) {
                window.add(process.closeWindow(number, shown, names));
            }
            soFar.add(process.totalSummary(shown, names));
        }
        waits.nextWindow();
    }

    /** Accounts every thread's time, and gives the waits that are in no row: those going on, and those whose object is a guess. */
    private IpcWaits bringUpTo(long nowNs, ObservedProcess process, boolean last) {
        IpcWaits shown = IpcWaits.empty();
        for (ObservedThread thread : process.live) {
            if (last) {
                waits.takeBack(thread, nowNs);
                waits.traceEnds(thread, nowNs);
            }
            waits.show(thread, nowNs, shown);
            thread.states.step(thread.states.state(), nowNs);
        }
        return shown;
    }

    List<ProcessSummary> window() {
        window.sort(BY_NUMBER);
        return List.copyOf(window);
    }

    List<ProcessSummary> soFar() {
        soFar.sort(BY_NUMBER);
        return List.copyOf(soFar);
    }
}
