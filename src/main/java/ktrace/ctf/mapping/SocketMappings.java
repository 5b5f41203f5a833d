package ktrace.ctf.mapping;

import ktrace.ctf.layout.PacketCursor;
import ktrace.event.EventType;
import ktrace.event.TraceEvent;

/** What the kernel tells of sockets, in ktrace's own traces. */
final class SocketMappings {
    private SocketMappings() {
    }

    static final class State extends ContextMapping {
        private final int socket = wanted.number("skaddr");
        private final int oldState = wanted.number("oldstate");
        private final int newState = wanted.number("newstate");
        private final int ports = wanted.number("ports");
        private final int localHigh = wanted.number("saddr_high");
        private final int localLow = wanted.number("saddr_low");
        private final int remoteHigh = wanted.number("daddr_high");
        private final int remoteLow = wanted.number("daddr_low");

        @Override
        public boolean fill(PacketCursor cursor, int part, CpuState cpu, TraceEvent slot) {
            slot.type = EventType.INET_SOCK_SET_STATE;
            slot.arg0 = cursor.registers[socket];
            slot.result = cursor.registers[oldState];
            slot.number = cursor.registers[newState];
            slot.arg1 = cursor.registers[ports] & 0xffffffffL;
            slot.arg2 = cursor.registers[localHigh];
            slot.arg3 = cursor.registers[localLow];
            slot.arg4 = cursor.registers[remoteHigh];
            slot.arg5 = cursor.registers[remoteLow];
            fillContext(cursor, slot);
            return false;
        }
    }
}
