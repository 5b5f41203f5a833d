package ktrace.export;

import java.util.HashMap;
import java.util.Map;
import ktrace.export.PerfettoField.TracePacket;
import ktrace.export.PerfettoField.TrackDescriptor;

/**
 * The tracks that track events lie on, each described when it is first used: one for each thread and process at work, and one for
 * the trace itself. Perfetto joins a thread's track with that of its system calls. One thread; allocates when a track is made.
 */
final class PerfettoTracks {
    /** Where the trace as a whole is spoken of. */
    static final long TRACE = 1;

    private final PacketStream packets;
    private final Map<Integer, Long> threads = new HashMap<>();
    private final Map<Integer, Long> processes = new HashMap<>();
    private final ProtoMessage descriptor = new ProtoMessage();
    private final ProtoMessage subject = new ProtoMessage();
    private long last = TRACE;

    PerfettoTracks(PacketStream packets) {
        this.packets = packets;
    }

    void describeTrace(long timeNs) {
        packets.write(timeNs, TracePacket.TRACK_DESCRIPTOR,
                descriptor.clear().number(TrackDescriptor.UUID, TRACE).text(TrackDescriptor.NAME, "ktrace"));
    }

    long ofThread(int tgid, int tid, long timeNs) {
        Long known = threads.get(tid);
        if (known != null) {
            return known;
        }
        subject.clear().number(TrackDescriptor.THREAD_PID, tgid).number(TrackDescriptor.THREAD_TID, tid);
        long uuid = describe(TrackDescriptor.THREAD, timeNs);
        threads.put(tid, uuid);
        return uuid;
    }

    /** For what is known to be of a process, but not of which thread. */
    long ofProcess(int tgid, String name, long timeNs) {
        Long known = processes.get(tgid);
        if (known != null) {
            return known;
        }
        subject.clear().number(TrackDescriptor.PROCESS_PID, tgid);
        if (!name.isEmpty()) {
            subject.text(TrackDescriptor.PROCESS_NAME, name);
        }
        long uuid = describe(TrackDescriptor.PROCESS, timeNs);
        processes.put(tgid, uuid);
        return uuid;
    }

    private long describe(int field, long timeNs) {
        last++;
        packets.write(timeNs, TracePacket.TRACK_DESCRIPTOR,
                descriptor.clear().number(TrackDescriptor.UUID, last).message(field, subject));
        return last;
    }

    /** The thread is over. Its process may have others, and keeps its track: a second one would be a second process to Perfetto. */
    void forgetThread(int tid) {
        threads.remove(tid);
    }

    /** Another thread, and perhaps another process, has this number from now on. */
    void forget(int tid) {
        threads.remove(tid);
        processes.remove(tid);
    }
}
