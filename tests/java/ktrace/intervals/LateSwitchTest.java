package ktrace.intervals;

import static ktrace.analysis.shard.Timeline.CPU_0;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import ktrace.analysis.shard.Timeline;
import ktrace.event.EventType;
import ktrace.event.ThreadId;
import org.junit.jupiter.api.Test;

/** A thread of which it is told only afterwards that it runs, and since when. */
class LateSwitchTest {
    private final Timeline t = new Timeline();
    private final ThreadId a = t.at(0).thread(10, 10);

    private List<String> of(ThreadId thread) {
        return new Told(t.events, true).of(thread);
    }

    private Timeline lateSince(long sinceNs) {
        return t.push(EventType.SCHED_SWITCH, null, e -> {
            e.cpu = CPU_0;
            e.tid = 99;
            e.otherThread = a;
            e.otherTid = a.tid();
            e.arg4 = sinceNs;
        });
    }

    @Test
    void whoWasReadyRanFromThenOn() {
        t.in(CPU_0, a).at(10).out(CPU_0, a, 'R').at(60);
        lateSince(15).out(CPU_0, a, 'R').at(90).end();
        assertEquals(List.of("RUNNING 0-10", "THROTTLED 10-15", "RUNNING 15-60", "THROTTLED 60-90"), of(a));
    }

    /** When it was woken in between nobody has told, either. */
    @Test
    void whoWaitedRanFromThenOn() {
        t.in(CPU_0, a).at(10).out(CPU_0, a, 'S').at(60);
        lateSince(40).at(90).end();
        assertEquals(List.of("RUNNING 0-10", "OTHER 10-40", "RUNNING 40-90"), of(a));
    }

    /** As at attach, and after a loss. */
    @Test
    void ofWhomNothingWasKnownIsKnownFromThenOn() {
        t.at(60);
        lateSince(20).at(90).end();
        assertEquals(List.of("UNKNOWN 0-20", "RUNNING 20-90"), of(a));
    }

    @Test
    void nothingIsToldOfTheTimeBeforeItWasObserved() {
        t.at(60);
        lateSince(-20).at(90).end();
        assertEquals(List.of("RUNNING 0-90"), of(a));
    }

    /** What a window has told of stays as it was told, and is counted. */
    @Test
    void aWindowHasEndedMeanwhile() {
        t.in(CPU_0, a).at(10).switched(CPU_0, a, 'R', t.thread(20, 20)).at(30).interval().at(60);
        lateSince(15).at(90).end();
        assertEquals(List.of("RUNNING 0-10", "RUNNABLE 10-30", "RUNNING 30-90"), of(a));
    }

    @Test
    void whoIsKnownToRunGoesOn() {
        t.in(CPU_0, a).at(60);
        lateSince(15).at(90).out(CPU_0, a, 'S').at(100).end();
        assertEquals(90, new Told(t.events, true).last.stream().filter(i -> i.thread() == a && i.state() == ThreadState.RUNNING)
                .mapToLong(i -> i.toNs() - i.fromNs()).sum());
    }
}
