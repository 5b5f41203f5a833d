package ktrace.perf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ktrace.linux.KernelSymbols;
import ktrace.linux.Mapping;
import ktrace.linux.RingSize;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/** Opens the tracepoints of the scheduler, of io_uring and of what else tells of waits, on each CPU, and its ring. */
final class CpuOpener {
    /** All that tells of waits. */
    static final List<Tracepoint> ALL = List.of(Tracepoint.SCHED_SWITCH, Tracepoint.SCHED_WAKING,
            Tracepoint.SCHED_WAKEUP_NEW, Tracepoint.SCHED_MIGRATE_TASK, Tracepoint.TASK_NEWTASK, Tracepoint.TASK_RENAME,
            Tracepoint.SCHED_PROCESS_EXEC, Tracepoint.SCHED_PROCESS_EXIT, Tracepoint.RING_CREATE, Tracepoint.RING_SUBMIT,
            Tracepoint.RING_FILE, Tracepoint.RING_READY, Tracepoint.RING_COMPLETE, Tracepoint.RING_WAIT,
            Tracepoint.LOCK_CONTENDED, Tracepoint.WORK_QUEUED, Tracepoint.WORK_STARTED, Tracepoint.INET_SOCK_SET_STATE,
            Tracepoint.PAGE_FAULTED);
    /** What costs others next to nothing, who may switch and wake each other all the time. */
    static final List<Tracepoint> RARE = List.of(Tracepoint.PAGE_FAULTED);

    private final EventOpener opener;
    private final List<Tracepoint> tracepoints;
    /** Looked up once for all CPUs: that takes some 50 ms. */
    private final Map<String, Long> addresses = new HashMap<>();
    private final Consumer<String> notice;
    private long ringBytes;

    /** @param tracepoints those that are opened, as far as the kernel has them */
    CpuOpener(EventOpener opener, List<Tracepoint> tracepoints, long ringBytes, Consumer<String> notice) {
        this.opener = opener;
        this.tracepoints = tracepoints;
        this.ringBytes = ringBytes;
        this.notice = notice;
    }

    /**
     * Opens one CPU, everything still disabled.
     *
     * @param syscallFilter when not null, the system-call tracepoints are opened on the CPU as well, for every thread that
     *     matches; an empty one matches all
     */
    CpuEvents open(int cpu, String syscallFilter) {
        List<OpenEvent> events = new ArrayList<>();
        PerfRingBuffer ring = null;
        for (Tracepoint tracepoint : tracepoints) {
            if (!opener.has(tracepoint)) {
                continue;
            }
            OpenEvent event = opener.open(tracepoint, -1, cpu, PerfAttrFlag.DISABLED);
            if (ring == null) {
                ring = map(event);
            } else {
                opener.redirect(event, events.getFirst().fd());
            }
            if (filter(event)) {
                events.add(event);
            } else {
                opener.discard(event);
            }
        }
        if (syscallFilter != null) {
            for (Tracepoint tracepoint : List.of(Tracepoint.SYS_ENTER, Tracepoint.SYS_EXIT)) {
                OpenEvent event = opener.open(tracepoint, -1, cpu, PerfAttrFlag.DISABLED);
                opener.redirect(event, events.getFirst().fd());
                if (!syscallFilter.isEmpty()) {
                    opener.filter(event, syscallFilter);
                }
                events.add(event);
            }
        }
        return new CpuEvents(cpu, events, ring);
    }

    /** Lets it count only what is wanted of it; false when the kernel cannot tell that, and there would be far too much. */
    private boolean filter(OpenEvent event) {
        String filter = event.tracepoint().filter();
        if (filter == null) {
            return true;
        }
        try {
            opener.filter(event, filter);
            return true;
        } catch (SyscallException refused) {
            String other = event.tracepoint().filterByAddress(name -> addresses.computeIfAbsent(name, KernelSymbols::address));
            if (other == null) {
                return false;
            }
            opener.filter(event, other);
            return true;
        }
    }

    /** Maps the ring; where locked memory is limited, a smaller one, and says so once. */
    private PerfRingBuffer map(OpenEvent owner) {
        long wanted = ringBytes;
        while (true) {
            try {
                Mapping mapping = Syscalls.map(owner.fd(), PerfRingBuffer.PAGE_BYTES + ringBytes,
                        "map a ring of " + (ringBytes >> 10) + " KiB for each CPU",
                        "give ktrace CAP_IPC_LOCK, raise kernel.perf_event_mlock_kb, or use a smaller --buffer");
                if (ringBytes != wanted) {
                    notice.accept("locked memory is limited: rings of " + (ringBytes >> 10) + " KiB for each CPU instead of "
                            + (wanted >> 10) + "; CAP_IPC_LOCK or a larger kernel.perf_event_mlock_kb lifts that");
                }
                return new PerfRingBuffer(mapping);
            } catch (SyscallException e) {
                boolean limited = e.errno() == Uapi.EPERM() || e.errno() == Uapi.ENOMEM();
                if (!limited || ringBytes <= RingSize.MIN_BYTES) {
                    throw e;
                }
                ringBytes /= 2;
            }
        }
    }
}
