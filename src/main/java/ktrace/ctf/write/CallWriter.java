package ktrace.ctf.write;

import java.util.function.Function;
import ktrace.ctf.CallFunctions;
import ktrace.ctf.KernelEvent;
import ktrace.ctf.Tsdl;
import ktrace.decode.ArgumentTexts;
import ktrace.event.TraceEvent;
import ktrace.linux.SyscallTable;
import ktrace.tracefs.TracepointFormat;

/** Writes entries and exits of system calls: each has an event of its own, with the kernel's names and types of its arguments. */
final class CallWriter {
    private static final byte[] NO_TEXT = {};
    /** Numbers beyond this are no system calls of any ABI; programs may pass any to syscall(2). */
    private static final int MAX_SYSCALL = 4096;
    private static final int NOT_READ = 0;
    private static final int WHOLE = 1;
    private static final int CUT = 2;

    private final CtfWriter writer;
    private final Function<String, TracepointFormat> formats;
    private final boolean textsRead;
    private final SyscallTable table = SyscallTable.current();
    private final SyscallFields[] fieldsOf = new SyscallFields[MAX_SYSCALL];
    private final boolean[] looked = new boolean[MAX_SYSCALL];

    CallWriter(CtfWriter writer, Function<String, TracepointFormat> formats, boolean textsRead) {
        this.writer = writer;
        this.formats = formats;
        this.textsRead = textsRead;
    }

    /** @param index twice the number of the call, and one more of its exit */
    String declaration(int index, int id) {
        int nr = index / 2;
        boolean exit = (index & 1) != 0;
        return Tsdl.event((exit ? "syscall_exit_" : "syscall_entry_") + CallFunctions.function(table.name(nr)), id, 0,
                exit ? Tsdl.i64("ret") : fieldsOf[nr].declarations());
    }

    void enter(TraceEvent event) {
        SyscallFields fields = fields(event.number);
        if (fields == null) {
            PacketWriter out = writer.begin(KernelEvent.SYSCALL_ENTRY_UNKNOWN, event, 57);
            out.i64(event.number);
            out.u8(6);
            for (int i = 0; i < 6; i++) {
                out.i64(event.argument(i));
            }
            return;
        }
        ArgumentTexts given = textsRead && event.payload instanceof ArgumentTexts texts ? texts : null;
        byte[] known = fields.texts() == 0 || textsRead ? NO_TEXT : known(event, fields);
        byte[] address = fields.address() == SyscallFields.NONE ? null : SocketAddressFields.bytes(given, fields.address());
        int size = fields.sizeBytes() + (address == null ? 0 : SocketAddressFields.sizeBytes(address));
        for (int i = 0; fields.texts() >>> i != 0; i++) {
            size += isText(fields, i) ? text(event, given, i, known).length : 0;
        }
        PacketWriter out = writer.begin(CtfWriter.SYSCALLS + 2 * (int) event.number, event, size);
        for (int i = 0; i < fields.count(); i++) {
            if (isText(fields, i)) {
                out.text(text(event, given, i, known));
            } else if ((fields.narrow() & 1 << i) != 0) {
                out.i32((int) event.argument(i));
            } else {
                out.i64(event.argument(i));
            }
        }
        for (int i = 0; fields.texts() >>> i != 0; i++) {
            if (isText(fields, i)) {
                out.i64(event.argument(i));
            }
        }
        for (int i = 0; textsRead && fields.texts() >>> i != 0; i++) {
            if (isText(fields, i)) {
                byte[] text = given == null ? null : given.of(i);
                out.u8(text == null ? NOT_READ : ArgumentTexts.isCut(text) ? CUT : WHOLE);
            }
        }
        if (address != null) {
            SocketAddressFields.write(out, address);
        }
    }

    private static boolean isText(SyscallFields fields, int argument) {
        return (fields.texts() & 1 << argument) != 0;
    }

    /**
     * What the caller gave, or what is known otherwise. Where it should have been read and could not, the address as the log shows
     * it: babeltrace 2.0 shows the text of another event in place of an empty one.
     */
    private byte[] text(TraceEvent event, ArgumentTexts given, int argument, byte[] known) {
        byte[] text = given == null ? null : given.of(argument);
        if (text != null || !textsRead) {
            return text == null ? known : text;
        }
        long address = event.argument(argument);
        return StateWriter.utf8(address == 0 ? "NULL" : "0x" + Long.toHexString(address));
    }

    /** The path that a call was given, as far as it is known what that leads to; of two it is not known which. */
    private static byte[] known(TraceEvent event, SyscallFields fields) {
        boolean known = event.object != null && !event.onDescriptor && event.object.name().startsWith("/")
                && Integer.bitCount(fields.texts()) == 1;
        return known ? StateWriter.utf8(event.object.name()) : NO_TEXT;
    }

    void exit(TraceEvent event) {
        if (fields(event.number) == null) {
            PacketWriter out = writer.begin(KernelEvent.SYSCALL_EXIT_UNKNOWN, event, 16);
            out.i64(event.number);
            out.i64(event.result);
        } else {
            writer.begin(CtfWriter.SYSCALLS + 2 * (int) event.number + 1, event, 8).i64(event.result);
        }
    }

    /** How the entry of a call is written; null when the kernel does not tell, or knows no such call. */
    private SyscallFields fields(long number) {
        if (number < 0 || number >= MAX_SYSCALL) {
            return null;
        }
        int nr = (int) number;
        if (!looked[nr]) {
            looked[nr] = true;
            if (table.isKnown(nr)) {
                fieldsOf[nr] = SyscallFields.of(table.name(nr), formats, textsRead);
            }
        }
        return fieldsOf[nr];
    }
}
