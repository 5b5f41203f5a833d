package ktrace.ctf.mapping;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import ktrace.ctf.tsdl.FieldType.Field;
import ktrace.ctf.tsdl.TraceMetadata;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.event.EventType;
import ktrace.event.ObjectKind;
import ktrace.linux.Abi;
import ktrace.linux.SyscallTable;
import org.agrona.collections.Int2IntHashMap;
import org.agrona.collections.Long2LongHashMap;

/**
 * Knows the kernel's events by the names that LTTng-modules gave them from 2.0 to 2.16, and ktrace's own; and keeps what the
 * events of one CPU tell of those of others. One for each trace; used by the thread that reads it.
 */
public final class EventMappings {
    private final boolean ofKtrace;
    private final boolean hasWaking;
    private final TaskState states;
    private final Architecture architecture;
    private final Function<String, ObjectKind> kinds;
    private final DiscoveryMappings discoveries;
    private final ArgumentOrder order = new ArgumentOrder();
    private final Map<Integer, CpuState> cpus = new HashMap<>();
    private final Long2LongHashMap tgidOfTable = new Long2LongHashMap(Long.MIN_VALUE);
    /** Null when every exit tells of which call it is. */
    private final Int2IntHashMap inFlight;

    /** @param kinds the kind of a label */
    public EventMappings(TraceMetadata metadata, Architecture architecture, Function<String, ObjectKind> kinds) {
        this.kinds = kinds;
        discoveries = new DiscoveryMappings(kinds);
        ofKtrace = metadata.environment().containsKey("ktrace_version");
        states = ofKtrace ? TaskState.REPORTED : TaskState.of(metadata.text("kernel_release"), lttng(metadata));
        this.architecture = architecture;
        Set<String> names = new HashSet<>();
        metadata.events().forEach(event -> names.add(event.name()));
        hasWaking = names.contains("sched_waking");
        inFlight = names.contains("exit_syscall") ? new Int2IntHashMap(SyscallMappings.NONE) : null;
    }

    private static long[] lttng(TraceMetadata metadata) {
        if (!"lttng-modules".equals(metadata.text("tracer_name"))) {
            return null;
        }
        return Stream.of("tracer_major", "tracer_minor", "tracer_patchlevel")
                .mapToLong(part -> metadata.environment().get(part) instanceof Long number ? number : -1).toArray();
    }

    public boolean ofKtrace() {
        return ofKtrace;
    }

    /** One for each CPU, whichever file its events are in. */
    public CpuState cpu(int cpu) {
        return cpus.computeIfAbsent(cpu, CpuState::new);
    }

    /** What an event means, or null when ktrace has no use for it. */
    public EventMapping mapping(EventClass event) {
        String name = event.name();
        if (ofKtrace && (has(event, "learnt") || has(event, "inferred"))) {
            return null;
        }
        EventMapping own = name.startsWith("ktrace_") || ofKtrace ? ofKtrace(event) : null;
        if (own != null) {
            return own;
        }
        return switch (name) {
            case "sched_switch" -> new SchedMappings.Switch(states);
            case "sched_waking" -> new SchedMappings.Waking(EventType.SCHED_WAKING, true);
            case "sched_wakeup" -> hasWaking ? null : new SchedMappings.Waking(EventType.SCHED_WAKING, false);
            case "sched_wakeup_new" -> new SchedMappings.Waking(EventType.SCHED_WAKEUP_NEW, true);
            case "inet_sock_set_state" -> ofKtrace ? new SocketMappings.State() : null;
            case "sched_migrate_task" -> new SchedMappings.Migrate();
            case "sched_process_fork" -> new SchedMappings.Fork();
            case "sched_process_exec" -> new SchedMappings.Exec();
            case "sched_process_exit" -> new SchedMappings.Exit();
            case "task_rename" -> new SchedMappings.Rename();
            case "io_uring_create" -> new RingMappings.Create();
            case "io_uring_submit_req" -> new RingMappings.Request(EventType.RING_SUBMIT, "opcode");
            case "io_uring_file_get" -> new RingMappings.Request(EventType.RING_FILE, "fd");
            case "io_uring_task_add" -> new RingMappings.Request(EventType.RING_READY, null);
            case "io_uring_complete" -> new RingMappings.Request(EventType.RING_COMPLETE, "cflags");
            case "io_uring_cqring_wait" -> new RingMappings.Wait();
            case "contention_begin" -> new RingMappings.Of(EventType.LOCK_CONTENDED, "lock_addr", "flags");
            case "workqueue_queue_work" -> new RingMappings.Of(EventType.WORK_QUEUED, "work", null);
            case "workqueue_execute_start" -> new RingMappings.Of(EventType.WORK_STARTED, "work", null);
            case "lttng_statedump_process_state" -> new StateMappings.ProcessState(tgidOfTable);
            case "lttng_statedump_file_descriptor" -> new StateMappings.FileDescriptor(tgidOfTable);
            case "exit_syscall" -> new SyscallMappings.ExitOfAny(inFlight);
            default -> name.contains("sys") ? call(event) : interrupt(name);
        };
    }

    private EventMapping ofKtrace(EventClass event) {
        return switch (event.name()) {
            case "ktrace_page_faulted" -> new RingMappings.Of(EventType.PAGE_FAULTED, "address", null);
            case "ktrace_sched_switch_late" -> new SchedMappings.Switch(states);
            case "ktrace_start" -> new KtraceMappings.Start();
            case "ktrace_interval" -> new KtraceMappings.Window(EventType.INTERVAL);
            case "ktrace_end" -> new KtraceMappings.Window(EventType.END);
            case "ktrace_events_lost" -> new KtraceMappings.EventsLost();
            case "ktrace_statedump_process" -> new KtraceMappings.Process();
            case "lttng_statedump_process_state" -> has(event, "state") ? new KtraceMappings.ThreadState() : null;
            case "lttng_statedump_file_descriptor" -> has(event, "kind") ? new KtraceMappings.Fd(kinds) : null;
            case "ktrace_fact_fd" -> new FactMappings.Descriptor(false, kinds);
            case "ktrace_fact_no_fd" -> new FactMappings.NoDescriptor();
            case "ktrace_fact_held" -> new FactMappings.Descriptor(true, kinds);
            case "ktrace_fact_table" -> new FactMappings.Table();
            case "ktrace_fact_process" -> new FactMappings.Process();
            case "ktrace_fact_mapping" -> new FactMappings.Mapping();
            case "ktrace_fact_opening" -> new FactMappings.Opening(kinds);
            case "ktrace_fact_path" -> new FactMappings.Path(kinds);
            case "ktrace_fact_at_path" -> new FactMappings.AtPath();
            case "ktrace_fact_sleep" -> new FactMappings.Sleep();
            case "ktrace_fact_quota" -> new FactMappings.Quota();
            case "ktrace_fact_steal" -> new FactMappings.Steal();
            case "ktrace_fact_collector" -> new FactMappings.Collector();
            case "ktrace_fact_held_by" -> new FactMappings.HeldBy();
            case "ktrace_fact_affinity" -> new FactMappings.Affinity();
            case "ktrace_fact_watch" -> new FactMappings.Watch();
            case "ktrace_fact_polled" -> new FactMappings.Polled();
            case "ktrace_fact_submitted" -> new FactMappings.Submitted();
            case "ktrace_fact_sysv_ipc" -> new FactMappings.SysvIpc(kinds);
            default -> discoveries.mapping(event);
        };
    }

    private static boolean has(EventClass event, String field) {
        return event.fields() != null && event.fields().fields().stream().map(Field::plainName).anyMatch(field::equals);
    }

    private EventMapping call(EventClass event) {
        String call = CallNames.of(event.name());
        if (call == null) {
            return null;
        }
        boolean exits = CallNames.isExit(event.name());
        if (call.equals(CallNames.UNKNOWN)) {
            LongUnaryOperator number = numbersById(CallNames.isCompat(event.name()));
            return exits ? new SyscallMappings.ExitUnknown(number) : new SyscallMappings.EnterUnknown(number, inFlight);
        }
        int number = number(call);
        if (exits) {
            return new SyscallMappings.Exit(number);
        }
        String[] arguments = ofKtrace ? ArgumentOrder.byPosition(event) : order.byName(call, event);
        return new SyscallMappings.Enter(number, arguments, inFlight, ofKtrace ? event : null);
    }

    private int number(String call) {
        return architecture.calls().find(call).orElse(SyscallMappings.UNKNOWN);
    }

    /** What the number is of a call that the tracer knew no name of. */
    private LongUnaryOperator numbersById(boolean compat) {
        SyscallTable calls = architecture.calls();
        if (ofKtrace || architecture.numbersKnown() && !compat) {
            return LongUnaryOperator.identity();
        }
        if (architecture.numbersKnown()) {
            SyscallTable i386 = SyscallTable.of(Abi.I386);
            return id -> calls.abi() == Abi.X86_64 && i386.isKnown((int) id)
                    ? number(i386.name((int) id)) : SyscallMappings.UNKNOWN;
        }
        return SyscallTable::nameless;
    }

    private static EventMapping interrupt(String name) {
        boolean begins = name.endsWith("_entry");
        if (!begins && !name.endsWith("_exit")) {
            return null;
        }
        Integer flag = StateMappings.INTERRUPTS.get(name.substring(0, name.lastIndexOf('_')));
        return flag == null ? null : new SchedMappings.Interrupt(flag, begins);
    }
}
