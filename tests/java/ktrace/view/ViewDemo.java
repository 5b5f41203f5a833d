package ktrace.view;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import ktrace.analysis.Summary;
import ktrace.export.JsonSummary;
import ktrace.story.Samples;

/**
 * Shows invented summaries as ktrace would, to look at: {@code java -cp … ktrace.view.ViewDemo [pipeline|crowd|hostile|kinds]
 * [seconds] [command|json]}.
 */
public final class ViewDemo {
    private ViewDemo() {
    }

    public static void main(String[] args) throws Exception {
        String sample = args.length > 0 ? args[0] : "pipeline";
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        String mode = args.length > 2 ? args[2] : "";
        SummaryView view = mode.equals("json") ? Views.documents(new JsonSummary(new java.io.FileOutputStream(
                java.io.FileDescriptor.out), "demo", false)::write)
                : Views.open(Surroundings.present(), "-p 810,811,812,4321", mode.equals("command"), 0, null);
        CountDownLatch quit = new CountDownLatch(1);
        view.onQuit(quit::countDown);
        int second = 0;
        do {
            second++;
            view.show(sample(sample, Summary.Scope.INTERVAL, Samples.S + second % 7 * 3 * Samples.MS),
                    sample(sample, Summary.Scope.SO_FAR, second * Samples.S));
        } while (second < seconds && !quit.await(1, TimeUnit.SECONDS));
        view.finish(sample(sample, Summary.Scope.FINAL, second * Samples.S));
        if (view.failure() != null) {
            throw view.failure();
        }
        System.exit(0);
    }

    private static Summary sample(String name, Summary.Scope scope, long durationNs) {
        Summary s = switch (name) {
            case "crowd" -> Samples.crowd(300);
            case "hostile" -> Samples.hostile();
            case "kinds" -> Samples.everyKind();
            case "empty" -> Samples.empty();
            default -> Samples.pipeline(scope, durationNs);
        };
        return new Summary(scope, s.collector(), s.startNs(), durationNs, s.events(), s.syscallEvents(), s.lost(),
                Map.copyOf(s.counters()), s.self(), s.processes());
    }
}
