package ktrace.cli.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import ktrace.analysis.SelfUsage;
import ktrace.analysis.Summary;
import ktrace.cli.options.Scope;
import ktrace.view.SummaryView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A view whose reader does not read for a while. */
@Timeout(30)
class ViewThreadTest {
    private static final int FEW = 10;

    private final List<Long> shown = new CopyOnWriteArrayList<>();
    private final CountDownLatch reader = new CountDownLatch(1);
    private final ViewThread thread = new ViewThread(new SlowView());

    private final class SlowView implements SummaryView {
        @Override
        public void show(Summary interval, Summary soFar) {
            try {
                reader.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            shown.add(interval.startNs());
        }

        @Override
        public void finish(Summary finalSummary) {
            shown.add(-1L);
        }

        @Override
        public void onQuit(Runnable action) {
            // Nobody quits.
        }

        @Override
        public IOException failure() {
            return null;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private static Summary summary(Summary.Scope scope, long startNs) {
        return new Summary(scope, "perf", startNs, 1, 0, 0, 0, Map.of(), new SelfUsage(0, 0), List.of());
    }

    private void interval(long startNs, Summary.Scope scope) {
        thread.take(summary(Summary.Scope.INTERVAL, startNs));
        thread.take(summary(scope, 0));
    }

    @Test
    void onlyAFewIntervalsWaitForTheReaderAndTheFinalOneAlwaysDoes() throws Exception {
        int admitted = 0;
        for (int i = 0; i < 1000; i++) {
            if (thread.tryAdmit()) {
                interval(i, Summary.Scope.SO_FAR);
                admitted++;
            }
        }
        assertTrue(admitted > 0 && admitted < FEW, "admitted: " + admitted);
        interval(1000, Summary.Scope.FINAL);
        reader.countDown();
        assertNull(thread.finish());
        assertEquals(LongStream.concat(LongStream.range(0, admitted), LongStream.of(1000, -1)).boxed().toList(), shown);
    }

    @Test
    void whoIsPatientLeavesNothingOut() throws Exception {
        Thread replay = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 1000; i++) {
                assertTrue(thread.admit());
                interval(i, Summary.Scope.SO_FAR);
            }
        });
        while (replay.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        reader.countDown();
        replay.join();
        interval(1000, Summary.Scope.FINAL);
        assertNull(thread.finish());
        assertEquals(1002, shown.size());
    }

    @Test
    void roomIsMadeByShowing() throws Exception {
        reader.countDown();
        for (int i = 0; i < 1000; i++) {
            thread.admit();
            interval(i, Summary.Scope.SO_FAR);
        }
        interval(1000, Summary.Scope.FINAL);
        thread.finish();
        assertEquals(1002, shown.size());
    }
}
