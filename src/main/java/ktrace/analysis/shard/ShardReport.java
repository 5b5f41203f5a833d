package ktrace.analysis.shard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import ktrace.analysis.ProcessSummary;
import ktrace.analysis.calls.Names;
import ktrace.analysis.waits.ProcessWaits;

/** Makes the documents of a window at its end, and closes it. On the thread that aggregates; allocates freely. */
final class ShardReport {
    private static final Comparator<ProcessSummary> BY_NUMBER = Comparator.comparingInt(ProcessSummary::pid)
            .thenComparingLong(ProcessSummary::startNs);

    private final Population population;
    private final Names names;
    private final List<ProcessSummary> window = new ArrayList<>();
    private final List<ProcessSummary> soFar = new ArrayList<>();

    ShardReport(Population population, Names names) {
        this.population = population;
        this.names = names;
    }

    /** What goes on has been handed over to be shown. */
    void make() {
        int number = population.window();
        ProcessWaits nothing = ProcessWaits.empty();
        for (ObservedProcess process : population.all()) {
            ProcessWaits shown = process.takeShown(nothing);
            process.unify();
            if (process.isInWindow(number)) {
                window.add(process.closeWindow(number, shown, names));
            }
            soFar.add(process.totalSummary(shown, names));
        }
        population.nextWindow();
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
