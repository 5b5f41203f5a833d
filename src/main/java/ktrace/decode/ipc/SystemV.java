package ktrace.decode.ipc;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Constants;
import ktrace.decode.Decoding;

/** Message queues, semaphores and shared memory of System V, and POSIX message queues. */
final class SystemV {
    private static final Constants FLAGS = Constants.group("ipc_flags");
    private static final Constants SHM_FLAGS = Constants.group("shm_get_flags");
    private static final Constants SEM_FLAGS = Constants.group("semop");
    private static final int SEMBUF_BYTES = 6;
    private static final long IPC_64 = 0x100;

    private SystemV() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "ipc-key" -> Argument.in((d, value) -> {
                if ((int) value == 0) {
                    d.out().append("IPC_PRIVATE");
                } else {
                    d.hex(value & 0xffff_ffffL);
                }
            });
            case "ipc-flags" -> Argument.in((d, value) -> getFlags(d, value, FLAGS));
            case "shm-flags" -> Argument.in((d, value) -> getFlags(d, value, SHM_FLAGS));
            case "ipc-command" -> {
                Constants commands = Constants.group(parameter);
                yield Argument.in((d, value) -> {
                    d.out().append((value & IPC_64) != 0 ? "IPC_64|" : "");
                    commands.one(d.out(), value & 0xffff_ffffL & ~IPC_64);
                });
            }
            case "sembufs" -> Argument.in(SystemV::operations);
            case "msgbuf" -> Argument.in((d, value) -> message(d, value, d.argument(2)));
            case "msgbuf-out" -> Argument.out((d, value) -> message(d, value, d.call().result()));
            case "mq-attr" -> Argument.in(SystemV::attributes);
            case "mq-attr-out" -> Argument.out(SystemV::attributes);
            case "mq-mode" -> Argument.in((d, value) -> d.octal(value & 0xffff)).onlyIf(call -> (call.argument(1) & 0100) != 0);
            case "mq-attr-if" -> Argument.in(SystemV::attributes).onlyIf(call -> (call.argument(1) & 0100) != 0);
            default -> null;
        };
    }

    /** {@code IPC_CREAT|0600}. */
    private static void getFlags(Decoding d, long value, Constants names) {
        long flags = value & 0xffff_ffffL & ~0777;
        if (flags != 0) {
            names.flags(d.out(), flags);
            d.out().append('|');
        }
        d.octal(value & 0777);
    }

    private static void operations(Decoding d, long address) {
        long count = d.argument(2) & 0xffff_ffffL;
        int shown = (int) Math.min(count, d.options().stringBytes());
        Bytes bytes = shown == 0 ? null : d.fetch(address, shown * SEMBUF_BYTES);
        if (bytes == null) {
            d.address(address);
            return;
        }
        StringBuilder out = d.out().append('[');
        for (int i = 0; i < shown; i++) {
            int at = i * SEMBUF_BYTES;
            out.append(i > 0 ? ", " : "").append("{sem_num=").append(bytes.u16(at)).append(", sem_op=")
                    .append((short) bytes.u16(at + 2)).append(", sem_flg=");
            SEM_FLAGS.flags(out, bytes.u16(at + 4));
            out.append('}');
        }
        out.append(shown < count ? ", ...]" : "]");
    }

    private static void message(Decoding d, long address, long length) {
        int word = d.call().wordBytes();
        Bytes type = d.fetch(address, word);
        if (type == null) {
            d.address(address);
            return;
        }
        d.out().append("{mtype=").append(type.signedWord(0)).append(", mtext=");
        d.data(address + word, length);
        d.out().append('}');
    }

    static void attributes(Decoding d, long address) {
        int word = d.call().wordBytes();
        Bytes bytes = d.fetch(address, 4 * word);
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append("{mq_flags=");
        Constants.group("mq_flags").flags(d.out(), bytes.word(0));
        d.out().append(", mq_maxmsg=").append(bytes.signedWord(word)).append(", mq_msgsize=").append(bytes.signedWord(2 * word))
                .append(", mq_curmsgs=").append(bytes.signedWord(3 * word)).append('}');
    }
}
