package ktrace.analysis.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ktrace.analysis.CheaperCollector;
import ktrace.event.Fact;
import org.junit.jupiter.api.Test;

class CheaperTest {
    private static final Fact.OfCollector STORM = new Fact.OfCollector("perf+bpf", 1000, 5);
    private static final Fact.OfCollector WORSE = new Fact.OfCollector("perf+bpf", 3000, 7);
    private static final Fact.OfCollector OVER = new Fact.OfCollector("", 1, 5);

    @Test
    void windowsAddUpToTheWhole() {
        Cheaper cheaper = new Cheaper();
        assertNull(cheaper.ofWindow(100));
        cheaper.told(STORM, 150);
        assertEquals(new CheaperCollector("perf+bpf", 150, 50, 1000, 5), cheaper.ofWindow(200));
        assertEquals(new CheaperCollector("perf+bpf", 200, 100, 1000, 5), cheaper.ofWindow(300));
        cheaper.told(OVER, 310);
        cheaper.told(WORSE, 380);
        assertEquals(new CheaperCollector("perf+bpf", 300, 30, 3000, 7), cheaper.ofWindow(400));
        cheaper.told(OVER, 401);
        assertEquals(new CheaperCollector("perf+bpf", 400, 1, 3000, 7), cheaper.ofWindow(500));
        assertNull(cheaper.ofWindow(600));
        assertEquals(new CheaperCollector("perf+bpf", 150, 181, 3000, 7), cheaper.soFar());
    }

    @Test
    void ofNoneNothingIsSaid() {
        Cheaper cheaper = new Cheaper();
        cheaper.told(OVER, 10);
        assertNull(cheaper.ofWindow(20));
        assertNull(cheaper.soFar());
    }
}
