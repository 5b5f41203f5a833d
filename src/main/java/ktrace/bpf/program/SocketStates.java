package ktrace.bpf.program;

import static ktrace.bpf.code.Reg.R1;
import static ktrace.bpf.code.Reg.R7;
import static ktrace.bpf.program.EventCode.RECORD;

import java.util.List;
import ktrace.bpf.code.Assembler;
import ktrace.bpf.code.If;
import ktrace.bpf.code.Instruction;
import ktrace.bpf.code.Label;
import ktrace.bpf.code.Width;
import ktrace.bpf.kernel.Btf;

/**
 * inet_sock_set_state(socket, old state, new state), of those of TCP with which addresses become known, or that the thread which
 * closes a connection brings about. Of all sockets: that of a traced thread is made in the context of whoever connects to it.
 */
final class SocketStates {
    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int TCP = 6;
    /** include/net/tcp_states.h: ESTABLISHED, SYN_SENT, FIN_WAIT1, LAST_ACK, LISTEN. */
    private static final int[] ADDRESSED = {1, 2, 4, 9, 10};
    private static final int CLOSE = 7;
    /** States before a connection is made. */
    private static final int LAST_UNMADE = 2;

    private SocketStates() {
    }

    static List<Instruction> code(Kernel kernel, Maps maps) {
        EventCode event = new EventCode(kernel, maps);
        Assembler code = event.code;
        event.argument(R7, 0);
        event.load(R1, R7, "sock", "sk_protocol");
        code.jump(If.NOT_EQUAL, R1, TCP, event.end());
        Label wanted = new Label();
        event.argument(R1, NEW);
        for (int state : ADDRESSED) {
            code.jump(If.EQUAL, R1, state, wanted);
        }
        code.jump(If.NOT_EQUAL, R1, CLOSE, event.end());
        event.argument(R1, OLD);
        code.jump(If.GREATER, R1, LAST_UNMADE, event.end());
        code.place(wanted);
        event.findState();
        event.announceCurrent();
        event.reserve(RecordKind.INET_SOCK_SET_STATE);
        int body = RecordKind.BODY;
        code.store(Width.LONG, RECORD, body, R7);
        event.copyArgument(RECORD, body + 8, OLD);
        event.copyArgument(RECORD, body + 12, NEW);
        event.load(R1, R7, "sock", "__sk_common.skc_family");
        code.store(Width.HALF, RECORD, body + 16, R1);
        copy(event, kernel.field("inet_sock", "inet_sport"), body + 18);
        copy(event, kernel.field("sock", "__sk_common.skc_dport"), body + 20);
        copy(event, kernel.field("inet_sock", "inet_saddr"), body + 24);
        copy(event, kernel.field("sock", "__sk_common.skc_daddr"), body + 28);
        copy(event, kernel.field("sock", "__sk_common.skc_v6_rcv_saddr"), body + 32);
        copy(event, kernel.field("sock", "__sk_common.skc_v6_daddr"), body + 48);
        event.copyPreemptCount(body + 64);
        code.store(Width.HALF, RECORD, body + 22, 0);
        code.store(Width.WORD, RECORD, body + 68, 0);
        event.submit();
        return event.finish();
    }

    private static void copy(EventCode event, Btf.Field field, int at) {
        event.copyMemory(at, field.sizeBytes(), field.offsetBytes());
    }
}
