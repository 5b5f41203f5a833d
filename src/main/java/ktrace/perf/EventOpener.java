package ktrace.perf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import ktrace.linux.FileDescriptor;
import ktrace.linux.Errno;
import ktrace.linux.PerfEventOpen;
import ktrace.linux.SyscallException;
import ktrace.linux.Syscalls;
import ktrace.linux.uapi.Uapi;

/**
 * Opens tracepoint events, keeps their descriptors, and knows what the kernel counted in each. Used by one thread at a time.
 *
 * <p>The counts are the truth about loss: with sample_period 1, read(2) of an event gives how often it happened, whether or not
 * the ring had room for the record.
 */
final class EventOpener implements AutoCloseable {
    /** PERF_FORMAT_LOST came with Linux 6.0. */
    static final boolean COUNTS_LOST = KernelVersion.atLeast(6, 0);

    private final Map<Tracepoint, Integer> ids = new EnumMap<>(Tracepoint.class);
    private final Set<OpenEvent> events = new LinkedHashSet<>();
    /** They count nothing. */
    private final List<FileDescriptor> switches = new ArrayList<>();
    /** What those counted that are closed already. */
    private final EventCounts closed = new EventCounts();
    private final Arena arena = Arena.ofShared();
    private final PerfEventAttr attr;
    private final MemorySegment scratch = arena.allocate(64, 8);

    EventOpener(Iterable<RawLayout> layouts, int watermarkBytes) {
        for (RawLayout layout : layouts) {
            ids.put(layout.tracepoint(), layout.id());
        }
        attr = new PerfEventAttr(arena, watermarkBytes, COUNTS_LOST);
    }

    /** Whether this kernel has it, as far as ktrace knows how it is laid out. */
    boolean has(Tracepoint tracepoint) {
        return ids.containsKey(tracepoint);
    }

    /**
     * Opens one event.
     *
     * @return it, or null when the thread is gone
     * @throws PerfException when the kernel refuses
     * @throws SyscallException with EMFILE or ENFILE when there are no descriptors left
     */
    OpenEvent open(Tracepoint tracepoint, int tid, int cpu, PerfAttrFlag... flags) {
        long number = PerfEventOpen.tryOpen(tracepoint == Tracepoint.PAGE_FAULTED ? attr.ofMajorFaults(flags)
                : attr.of(ids.get(tracepoint), flags), tid, cpu);
        if (number == -Uapi.ESRCH()) {
            return null;
        }
        if (number == -Uapi.EACCES() || number == -Uapi.EPERM()) {
            throw new PerfException("cannot open " + tracepoint + ": perf_event_open: " + Errno.describe((int) -number)
                    + "; run ktrace as root, or give it CAP_PERFMON, or set kernel.perf_event_paranoid to -1"
                    + Paranoid.now(), true);
        }
        if (number == -Uapi.EMFILE() || number == -Uapi.ENFILE()) {
            throw new SyscallException("perf_event_open", (int) -number, "open " + tracepoint,
                    "raise the limit on open files (ulimit -n)");
        }
        if (number < 0) {
            throw new PerfException("cannot open " + tracepoint + " on CPU " + cpu + ": perf_event_open: "
                    + Errno.describe((int) -number) + "; the kernel must be built with CONFIG_PERF_EVENTS and"
                    + " CONFIG_FTRACE_SYSCALLS", false);
        }
        OpenEvent event = new OpenEvent(tracepoint, cpu, PerfEventOpen.own(number));
        events.add(event);
        return event;
    }

    /**
     * Opens records of context switches on a CPU, disabled, that are written into the ring of {@code ringOwner}.
     *
     * @return null when the kernel refuses
     */
    FileDescriptor openSwitches(int cpu, FileDescriptor ringOwner) {
        long number = PerfEventOpen.tryOpen(attr.ofSwitches(), PerfEventOpen.ANY_THREAD, cpu);
        if (number < 0) {
            return null;
        }
        FileDescriptor fd = PerfEventOpen.own(number);
        switches.add(fd);
        Syscalls.ioctl(fd, Uapi.PERF_EVENT_IOC_SET_OUTPUT(), ringOwner.number(), "let records of context switches share a ring");
        return fd;
    }

    /** Lets an event write into the ring of another that is on the same CPU. */
    void redirect(OpenEvent event, FileDescriptor ringOwner) {
        Syscalls.ioctl(event.fd(), Uapi.PERF_EVENT_IOC_SET_OUTPUT(), ringOwner.number(),
                "let " + event.tracepoint() + " share a ring");
    }

    /** Lets an event count only what matches; possible once for each event. */
    void filter(OpenEvent event, String expression) {
        try (Arena text = Arena.ofConfined()) {
            Syscalls.ioctl(event.fd(), (int) Uapi.PERF_EVENT_IOC_SET_FILTER(), text.allocateFrom(expression).address(),
                    "filter " + event.tracepoint() + " by " + expression);
        }
    }

    void enable(OpenEvent event) {
        Syscalls.ioctl(event.fd(), Uapi.PERF_EVENT_IOC_ENABLE(), 0, "enable " + event.tracepoint());
    }

    void disableAll() {
        for (OpenEvent event : events) {
            Syscalls.ioctl(event.fd(), Uapi.PERF_EVENT_IOC_DISABLE(), 0, "disable " + event.tracepoint());
        }
        switches.forEach(fd -> Syscalls.ioctl(fd, Uapi.PERF_EVENT_IOC_DISABLE(), 0, "disable the records of context switches"));
    }

    /**
     * Adds up, for each CPU and tracepoint and children included, how often it happened, and how many of its records found no room
     * in the ring. The latter stay 0 where {@link #COUNTS_LOST} is false.
     */
    EventCounts counts() {
        EventCounts counts = new EventCounts();
        counts.addAll(closed);
        events.forEach(event -> count(event, counts));
        return counts;
    }

    private void count(OpenEvent event, EventCounts counts) {
        Syscalls.read(event.fd(), scratch, COUNTS_LOST ? 2 * Long.BYTES : Long.BYTES, "read the count of " + event.tracepoint());
        counts.add(event.cpu(), event.tracepoint(), scratch.get(ValueLayout.JAVA_LONG, 0),
                COUNTS_LOST ? scratch.get(ValueLayout.JAVA_LONG, Long.BYTES) : 0);
    }

    /**
     * Those that will never count again: their thread has ended or lost them by exec, and so has every child that inherited them
     * (kernel/events/core.c, {@code is_event_hup}). Their count is the last one then. Asking takes away what would wake a poll of
     * the ring that they write into: the next round must not wait for it.
     */
    Set<OpenEvent> ended(List<OpenEvent> asked) {
        Set<OpenEvent> ended = new LinkedHashSet<>();
        try (Arena polling = Arena.ofConfined()) {
            MemorySegment pollfds = polling.allocate(8L * asked.size(), 8);
            for (int i = 0; i < asked.size(); i++) {
                Syscalls.setPollfd(pollfds, i, asked.get(i).fd().number(), 0);
            }
            Syscalls.poll(pollfds, asked.size(), polling.allocate(16, 8));
            for (int i = 0; i < asked.size(); i++) {
                if ((Syscalls.polled(pollfds, i) & Uapi.POLLHUP()) != 0) {
                    ended.add(asked.get(i));
                }
            }
        }
        return ended;
    }

    List<Integer> descriptors() {
        return events.stream().map(event -> event.fd().number()).toList();
    }

    /** Closes an event; what it has counted remains. */
    void retire(OpenEvent event) {
        count(event, closed);
        discard(event);
    }

    /** Closes an event as if it had never been opened. */
    void discard(OpenEvent event) {
        events.remove(event);
        event.fd().close();
    }

    @Override
    public void close() {
        events.forEach(event -> event.fd().close());
        events.clear();
        switches.forEach(FileDescriptor::close);
        arena.close();
    }
}
