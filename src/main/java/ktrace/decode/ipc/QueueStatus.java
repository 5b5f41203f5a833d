package ktrace.decode.ipc;

import ktrace.decode.Argument;
import ktrace.decode.Bytes;
import ktrace.decode.Decoding;

/**
 * What msgctl(2), semctl(2) and shmctl(2) with IPC_STAT fill, for 64-bit callers (include/uapi/asm-generic/{ipc,msg,sem,shm}buf.h).
 */
final class QueueStatus {
    private static final int IPC_SET = 1;
    private static final int IPC_STAT = 2;
    private static final int PERMISSION_BYTES = 48;

    private QueueStatus() {
    }

    static Argument kind(String name, String parameter) {
        return switch (name) {
            case "msqid" -> Argument.late((d, value) -> show(d, value, 1, "msg"));
            case "shmid" -> Argument.late((d, value) -> show(d, value, 1, "shm"));
            case "semun" -> Argument.late((d, value) -> show(d, value, 2, "sem"));
            default -> null;
        };
    }

    private static void show(Decoding d, long address, int commandAt, String which) {
        int command = (int) d.argument(commandAt) & ~0x100;
        Bytes bytes = d.call().wordBytes() == 8 && command == IPC_STAT && !d.failed() ? d.fetch(address, 112) : null;
        if (bytes == null && command == IPC_SET && d.call().wordBytes() == 8) {
            bytes = d.fetch(address, 112);
        }
        if (bytes == null) {
            d.address(address);
            return;
        }
        d.out().append('{').append(which).append("_perm={uid=").append(bytes.u32(4)).append(", gid=").append(bytes.u32(8))
                .append(", mode=");
        d.octal(bytes.u32(20));
        if (command == IPC_STAT) {
            d.out().append(", key=").append(bytes.i32(0)).append(", cuid=").append(bytes.u32(12)).append(", cgid=")
                    .append(bytes.u32(16));
        }
        d.out().append('}');
        if (command == IPC_STAT) {
            switch (which) {
                case "msg" -> queue(d.out(), bytes);
                case "shm" -> memory(d.out(), bytes);
                default -> semaphores(d.out(), bytes);
            }
        } else {
            d.out().append(", ...");
        }
        d.out().append('}');
    }

    private static void queue(StringBuilder out, Bytes bytes) {
        int at = PERMISSION_BYTES;
        out.append(", msg_stime=").append(bytes.i64(at)).append(", msg_rtime=").append(bytes.i64(at + 8)).append(", msg_ctime=")
                .append(bytes.i64(at + 16)).append(", msg_qnum=").append(bytes.i64(at + 32)).append(", msg_qbytes=")
                .append(bytes.i64(at + 40)).append(", msg_lspid=").append(bytes.i32(at + 48)).append(", msg_lrpid=")
                .append(bytes.i32(at + 52));
    }

    private static void memory(StringBuilder out, Bytes bytes) {
        int at = PERMISSION_BYTES;
        out.append(", shm_segsz=").append(bytes.i64(at)).append(", shm_cpid=").append(bytes.i32(at + 32)).append(", shm_lpid=")
                .append(bytes.i32(at + 36)).append(", shm_nattch=").append(bytes.i64(at + 40)).append(", shm_atime=")
                .append(bytes.i64(at + 8)).append(", shm_dtime=").append(bytes.i64(at + 16)).append(", shm_ctime=")
                .append(bytes.i64(at + 24));
    }

    private static void semaphores(StringBuilder out, Bytes bytes) {
        out.append(", sem_otime=").append(bytes.i64(PERMISSION_BYTES)).append(", sem_ctime=")
                .append(bytes.i64(PERMISSION_BYTES + 16)).append(", sem_nsems=").append(bytes.i64(PERMISSION_BYTES + 32));
    }
}
