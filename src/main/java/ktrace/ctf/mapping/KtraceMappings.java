package ktrace.ctf.mapping;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.TextRegister;
import ktrace.ctf.tsdl.FieldType;
import ktrace.event.EventType;
import ktrace.event.FdSnapshot;
import ktrace.event.KernelObject;
import ktrace.event.ObjectKind;
import ktrace.event.ProcessSnapshot;
import ktrace.event.ThreadSnapshot;
import ktrace.event.TraceCounter;
import ktrace.event.TraceEvent;
import ktrace.event.WindowFacts;

/** The events that ktrace puts into a trace beyond those of LTTng, and those of LTTng with the fields that ktrace adds. */
final class KtraceMappings {
    private KtraceMappings() {
    }

    /** None of these is of a CPU. */
    static void own(EventType type, TraceEvent slot) {
        slot.type = type;
        slot.cpu = -1;
        slot.contextFlags = 0;
    }

    static final class Start extends EventMapping {
        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            own(EventType.START, slot);
            return false;
        }
    }

    /** The end of a window, or of the trace. */
    static final class Window extends EventMapping {
        private static final Map<String, TraceCounter> COUNTERS = new HashMap<>();

        static {
            for (TraceCounter counter : TraceCounter.values()) {
                COUNTERS.put(counter.label(), counter);
            }
        }

        private final int startNs = wanted.number("start_ns");
        private final int events = wanted.number("events");
        private final int syscallEvents = wanted.number("syscall_events");
        private final int counters = wanted.text("counters");
        private final EventType type;

        Window(EventType type) {
            this.type = type;
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            own(type, slot);
            Map<TraceCounter, Long> values = new EnumMap<>(TraceCounter.class);
            for (String word : TextRegister.text(cursor, counters).split(" ")) {
                int equals = word.indexOf('=');
                TraceCounter counter = equals < 0 ? null : COUNTERS.get(word.substring(0, equals));
                if (counter != null && word.length() - equals <= 20) {
                    values.put(counter, number(word.substring(equals + 1)));
                }
            }
            slot.payload = new WindowFacts(cursor.registers[startNs], cursor.registers[events],
                    cursor.registers[syscallEvents], values);
            return false;
        }

        private static long number(String digits) {
            long number = 0;
            for (int i = 0; i < digits.length() && digits.charAt(i) >= '0' && digits.charAt(i) <= '9'; i++) {
                number = number * 10 + digits.charAt(i) - '0';
            }
            return number;
        }
    }

    static final class EventsLost extends EventMapping {
        private final int count = wanted.number("count");

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.EVENTS_LOST;
            slot.number = cursor.registers[count];
            return false;
        }
    }

    /** The fields of a thread's state. */
    static final class ThreadFields {
        private final int tid;
        private final int pid;
        private final int name;
        private final int state;
        private final int syscall;
        private final int args;
        private FieldType argsType;

        ThreadFields(EventMapping of) {
            tid = of.wanted.number("tid");
            pid = of.wanted.number("pid");
            name = of.wanted.text("name");
            state = of.wanted.number("state");
            syscall = of.wanted.number("syscall");
            args = of.wanted.list("args");
        }

        void bind(Layout fields) {
            argsType = fields.found().get("args");
        }

        ThreadSnapshot snapshot(PacketCursor cursor) {
            return new ThreadSnapshot((int) cursor.registers[tid], (int) cursor.registers[pid], TextRegister.text(cursor, name),
                    (char) (cursor.registers[state] & 0xff), (int) cursor.registers[syscall],
                    argsType == null ? new long[0] : TextRegister.list(cursor, args, argsType));
        }
    }

    static final class ThreadState extends EventMapping {
        private final ThreadFields fields = new ThreadFields(this);

        @Override
        public void bind(Layout layout) {
            fields.bind(layout);
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            own(EventType.THREAD_STATE, slot);
            slot.payload = fields.snapshot(cursor);
            return false;
        }
    }

    /** The fields of a process's state. */
    static final class ProcessFields {
        private final int pid;
        private final int ppid;
        private final int comm;
        private final int cmdline;
        private final int inside;
        private final int inNamespace;
        private boolean hasNamespace;

        ProcessFields(EventMapping of) {
            pid = of.wanted.number("pid");
            ppid = of.wanted.number("ppid");
            comm = of.wanted.text("comm");
            cmdline = of.wanted.text("cmdline");
            inside = of.wanted.number("inside");
            inNamespace = of.wanted.number("in_namespace");
        }

        void bind(Layout fields) {
            hasNamespace = fields.has("inside") && fields.has("in_namespace");
        }

        ProcessSnapshot snapshot(PacketCursor cursor) {
            int number = (int) cursor.registers[pid];
            return new ProcessSnapshot(number, (int) cursor.registers[ppid], TextRegister.text(cursor, comm),
                    TextRegister.text(cursor, cmdline), hasNamespace ? (int) cursor.registers[inside] : number,
                    hasNamespace && cursor.registers[inNamespace] != 0);
        }
    }

    static final class Process extends EventMapping {
        private final ProcessFields fields = new ProcessFields(this);

        @Override
        public void bind(Layout layout) {
            fields.bind(layout);
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            own(EventType.PROCESS_STATE, slot);
            slot.payload = fields.snapshot(cursor);
            return false;
        }
    }

    /** The fields of a descriptor's state. */
    static final class FdFields {
        private final int pid;
        private final int fd;
        private final int filename;
        private final int kind;
        private final int key;
        private final int peerKey;
        private final int watched;
        private final int flags;
        private FieldType watchedType;

        private final Function<String, ObjectKind> kinds;

        /** @param kinds the kind of a label */
        FdFields(EventMapping of, Function<String, ObjectKind> kinds) {
            this.kinds = kinds;
            pid = of.wanted.number("pid");
            fd = of.wanted.number("fd");
            filename = of.wanted.text("filename");
            kind = of.wanted.text("kind");
            key = of.wanted.number("key");
            peerKey = of.wanted.number("peer_key");
            watched = of.wanted.list("watched");
            flags = of.wanted.number("flags");
        }

        void bind(Layout fields) {
            watchedType = fields.found().get("watched");
        }

        FdSnapshot snapshot(PacketCursor cursor) {
            List<Integer> fds = watchedType == null ? List.of()
                    : Arrays.stream(TextRegister.list(cursor, watched, watchedType)).mapToObj(value -> (int) value).toList();
            long[] values = cursor.registers;
            KernelObject object = new KernelObject(kinds.apply(TextRegister.text(cursor, kind)),
                    TextRegister.text(cursor, filename), values[key]);
            return new FdSnapshot((int) values[pid], (int) values[fd], object, (int) values[flags], values[peerKey], fds);
        }
    }

    static final class Fd extends EventMapping {
        private final FdFields fields;

        Fd(Function<String, ObjectKind> kinds) {
            fields = new FdFields(this, kinds);
        }

        @Override
        public void bind(Layout layout) {
            fields.bind(layout);
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            own(EventType.FD_STATE, slot);
            slot.payload = fields.snapshot(cursor);
            return false;
        }
    }
}
