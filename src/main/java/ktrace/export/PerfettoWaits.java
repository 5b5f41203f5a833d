package ktrace.export;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import ktrace.event.Peer;
import ktrace.event.Waker;
import ktrace.export.PerfettoField.DebugAnnotation;
import ktrace.export.PerfettoField.TracePacket;
import ktrace.export.PerfettoField.TrackEvent;
import ktrace.intervals.Interval;
import ktrace.intervals.Interval.End;

/**
 * Waits as slices on the waiter's track. Where the waker is known there is an instant on the waker's track, and a second one at the
 * end of the slice, both of the time of the wake-up, and an arrow from the first to the second: Perfetto turns each arrow so that
 * it points away from the slice that begins earlier, so one to the wait itself would point at the waker. One thread.
 */
final class PerfettoWaits {
    private final PacketStream packets;
    private final PerfettoTracks tracks;
    private final IntFunction<String> syscalls;
    private final ProtoMessage event = new ProtoMessage();
    private final ProtoMessage annotation = new ProtoMessage();
    private long flows;

    PerfettoWaits(PacketStream packets, PerfettoTracks tracks, IntFunction<String> syscalls) {
        this.packets = packets;
        this.tracks = tracks;
        this.syscalls = syscalls;
    }

    void write(Interval wait) {
        int tgid = wait.thread().process().tgid();
        int tid = wait.thread().tid();
        long track = tracks.ofThread(tgid, tid, wait.fromNs());
        String category = category(wait);
        String name = name(wait);
        begin(TrackEvent.TYPE_SLICE_BEGIN, track, category, name);
        annotate(wait);
        packets.write(wait.fromNs(), TracePacket.TRACK_EVENT, event);
        if (wait.end() == End.ONGOING) {
            return;
        }
        if (wait.waker() != null) {
            arrow(wait, track, tgid, tid);
        }
        begin(TrackEvent.TYPE_SLICE_END, track, category, name);
        packets.write(wait.toNs(), TracePacket.TRACK_EVENT, event);
    }

    private void arrow(Interval wait, long waiterTrack, int tgid, int tid) {
        Waker waker = wait.waker();
        long wakerTrack = waker.tid() > 0 ? tracks.ofThread(waker.pid(), waker.tid(), wait.toNs())
                : tracks.ofProcess(waker.pid(), waker.comm(), wait.toNs());
        flows++;
        begin(TrackEvent.TYPE_INSTANT, wakerTrack, "wake", "wakes " + tgid + (tid == tgid ? "" : "/" + tid));
        packets.write(wait.toNs(), TracePacket.TRACK_EVENT, event.fixed64(TrackEvent.FLOW_IDS, flows));
        begin(TrackEvent.TYPE_INSTANT, waiterTrack, "wake", "woken by " + text(waker));
        packets.write(wait.toNs(), TracePacket.TRACK_EVENT, event.fixed64(TrackEvent.TERMINATING_FLOW_IDS, flows));
    }

    private void begin(int type, long track, String category, String name) {
        event.clear().number(TrackEvent.TYPE, type).number(TrackEvent.TRACK_UUID, track)
                .text(TrackEvent.CATEGORIES, category).text(TrackEvent.NAME, name);
    }

    private void annotate(Interval wait) {
        annotate("kind", wait.kind().label());
        annotate("object", wait.object() == null ? null : wait.object().name());
        annotate("syscall", wait.syscall() == Interval.NO_SYSCALL ? null : syscalls.apply(wait.syscall()));
        annotate("waker", wait.waker() == null ? null : text(wait.waker()));
        annotate("evidence", wait.evidence().label());
        annotate("peers", wait.peers().isEmpty() ? null
                : wait.peers().stream().map(PerfettoWaits::text).collect(Collectors.joining(", ")));
        annotate("end", wait.end().label());
    }

    private void annotate(String name, String value) {
        if (value != null) {
            annotation.clear().text(DebugAnnotation.NAME, name).text(DebugAnnotation.STRING_VALUE, value);
            event.message(TrackEvent.DEBUG_ANNOTATIONS, annotation);
        }
    }

    private static String category(Interval wait) {
        return wait.kind().ipc() ? "ipc wait" : "wait";
    }

    private static String name(Interval wait) {
        String what = wait.object() == null ? wait.kind().label() : wait.object().name();
        return "wait " + what + (wait.waker() == null ? "" : " ← " + text(wait.waker()));
    }

    /** Its process where that says all; else the thread and its process. */
    private static String text(Waker waker) {
        String process = text(waker.process());
        return waker.tid() == 0 || waker.tid() == waker.pid() ? process
                : waker.threadComm() + "(" + waker.tid() + ") of " + process;
    }

    private static String text(Peer peer) {
        return peer.comm() + "(" + peer.pid() + ")";
    }
}
