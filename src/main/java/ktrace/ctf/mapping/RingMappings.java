package ktrace.ctf.mapping;

import ktrace.ctf.layout.PacketCursor;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/** What io_uring does, under the kernel's names and with the kernel's fields: LTTng has none for it. */
final class RingMappings {
    private RingMappings() {
    }

    static final class Create extends EventMapping {
        private final int ring = wanted.number("ctx");
        private final int fd = wanted.number("fd");
        private final int flags = wanted.number("flags");

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.RING_CREATE;
            slot.arg0 = cursor.registers[ring];
            slot.number = integer(cursor, fd);
            slot.arg1 = cursor.registers[flags];
            return false;
        }
    }

    /** An event of one request. */
    static final class Request extends ContextMapping {
        private final int ring = wanted.number("ctx");
        private final int request = wanted.number("req");
        private final int result = wanted.number("res");
        private final int number;
        private final EventType type;

        /** @param number the field that the event's number is; null when there is none */
        Request(EventType type, String number) {
            this.type = type;
            this.number = number == null ? -1 : wanted.number(number);
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = type;
            slot.arg0 = cursor.registers[ring];
            slot.arg1 = cursor.registers[request];
            slot.result = integer(cursor, result);
            slot.number = number < 0 ? 0 : cursor.registers[number];
            fillContext(cursor, slot);
            return false;
        }
    }

    /** An event of one thing inside the kernel. */
    static final class Of extends ContextMapping {
        private final int what;
        private final int number;
        private final EventType type;

        /** @param number the field that the event's number is; null when there is none */
        Of(EventType type, String what, String number) {
            this.type = type;
            this.what = wanted.number(what);
            this.number = number == null ? -1 : wanted.number(number);
        }

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = type;
            slot.arg0 = cursor.registers[what];
            slot.number = number < 0 ? 0 : cursor.registers[number];
            fillContext(cursor, slot);
            return false;
        }
    }

    static final class Wait extends EventMapping {
        private final int ring = wanted.number("ctx");

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.RING_WAIT;
            slot.arg0 = cursor.registers[ring];
            return false;
        }
    }
}
