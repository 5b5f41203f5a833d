package ktrace.ctf.mapping;

import java.util.function.LongUnaryOperator;
import ktrace.ctf.layout.FieldReader;
import ktrace.ctf.layout.Layout;
import ktrace.ctf.layout.PacketCursor;
import ktrace.ctf.layout.TextRegister;
import ktrace.ctf.tsdl.FieldType;
import ktrace.ctf.tsdl.TraceMetadata.EventClass;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;
import org.agrona.collections.Int2IntHashMap;

/** Begin and end of system calls. */
final class SyscallMappings {
    /** What a call without a name in the table goes by; a number that no call has. */
    static final int UNKNOWN = -1;
    /** In the table of calls in flight: the thread is in none. */
    static final int NONE = Integer.MIN_VALUE;

    private SyscallMappings() {
    }

    private static void note(Int2IntHashMap inFlight, int tid, long number) {
        if (inFlight != null) {
            inFlight.put(tid, (int) number == NONE ? UNKNOWN : (int) number);
        }
    }

    /** A call with a name: its arguments are fields of their own. */
    static final class Enter extends EventMapping {
        private final int number;
        private final int[] arguments = new int[6];
        private final GivenTexts given;
        private final Int2IntHashMap inFlight;

        /**
         * @param argumentNames which field holds which argument; null where no field does
         * @param inFlight where to note the call for an exit that does not tell its name, or null
         * @param event of a trace that may have what arguments point to, or null
         */
        Enter(int number, String[] argumentNames, Int2IntHashMap inFlight, EventClass event) {
            this.number = number;
            this.inFlight = inFlight;
            given = event == null ? null : GivenTexts.of(event, argumentNames, wanted);
            for (int i = 0; i < 6; i++) {
                arguments[i] = i < argumentNames.length && argumentNames[i] != null
                        ? wanted.number(argumentNames[i])
                        : FieldReader.UNWANTED;
            }
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SYS_ENTER;
            slot.payload = given == null ? null : given.texts(cursor);
            slot.number = number;
            slot.arg0 = argument(cursor, 0);
            slot.arg1 = argument(cursor, 1);
            slot.arg2 = argument(cursor, 2);
            slot.arg3 = argument(cursor, 3);
            slot.arg4 = argument(cursor, 4);
            slot.arg5 = argument(cursor, 5);
            note(inFlight, slot.tid, number);
            return false;
        }

        private long argument(PacketCursor cursor, int index) {
            int register = arguments[index];
            return register < 0 ? 0 : cursor.registers[register];
        }
    }

    /** A call whose name the tracer did not know. */
    static final class EnterUnknown extends EventMapping {
        private final int id = wanted.number("id");
        private final int args = wanted.list("args");
        private final Int2IntHashMap inFlight;
        private final long[] values = new long[6];
        private final LongUnaryOperator numbers;
        private FieldType.IntegerType argument;

        /** @param numbers by what the tracer knows the calls by */
        EnterUnknown(LongUnaryOperator numbers, Int2IntHashMap inFlight) {
            this.numbers = numbers;
            this.inFlight = inFlight;
        }

        @Override
        public void bind(Layout fields) {
            argument = TextRegister.element(fields.found().get("args"));
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SYS_ENTER;
            slot.number = numbers.applyAsLong(cursor.registers[id]);
            TextRegister.fill(cursor, args, argument, values);
            slot.arg0 = values[0];
            slot.arg1 = values[1];
            slot.arg2 = values[2];
            slot.arg3 = values[3];
            slot.arg4 = values[4];
            slot.arg5 = values[5];
            note(inFlight, slot.tid, slot.number);
            return false;
        }
    }

    static final class Exit extends EventMapping {
        private final int ret = wanted.number("ret");
        private final int number;

        Exit(int number) {
            this.number = number;
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SYS_EXIT;
            slot.number = number;
            slot.result = cursor.registers[ret];
            return false;
        }
    }

    static final class ExitUnknown extends EventMapping {
        private final int id = wanted.number("id");
        private final int ret = wanted.number("ret");
        private final LongUnaryOperator numbers;

        ExitUnknown(LongUnaryOperator numbers) {
            this.numbers = numbers;
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SYS_EXIT;
            slot.number = numbers.applyAsLong(cursor.registers[id]);
            slot.result = cursor.registers[ret];
            return false;
        }
    }

    /** LTTng before 2.6 has one exit for all calls, which does not say of which it is: of the one that the thread is in. */
    static final class ExitOfAny extends EventMapping {
        private final int ret = wanted.number("ret");
        private final Int2IntHashMap inFlight;

        ExitOfAny(Int2IntHashMap inFlight) {
            this.inFlight = inFlight;
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.SYS_EXIT;
            int number = inFlight.remove(slot.tid);
            slot.number = number == NONE ? UNKNOWN : number;
            slot.result = cursor.registers[ret];
            return false;
        }
    }
}
