package ktrace.ctf.write;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import ktrace.ctf.CallFunctions;
import ktrace.ctf.KernelEvent;
import ktrace.ctf.Tsdl;
import ktrace.decode.calls.TextArguments;
import ktrace.tracefs.TracepointException;
import ktrace.tracefs.TracepointFormat;
import ktrace.tracefs.TracepointFormat.Field;

/**
 * How the registers of one system call's entry are written: the kernel's own names and types for them
 * (events/syscalls/sys_enter_NAME/format), an int in four bytes, everything else in eight.
 *
 * @param declarations the fields in TSDL
 * @param narrow bit n: argument n is written in four bytes
 * @param texts bit n: argument n is written as the text that it points to, which need not be known; its value follows behind all
 *     others
 * @param count how many arguments there are
 * @param address which argument points to the address of a socket, whose bytes stand behind all else; {@link #NONE}: none does
 * @param sizeBytes of all fields but texts and such bytes
 */
record SyscallFields(String declarations, int narrow, int texts, int count, int address, int sizeBytes) {
    static final int NONE = TextArguments.NONE;

    private static final int MAX_ARGUMENTS = 6;
    /** Where the registers begin in the record: behind the common fields and the number of the call. */
    private static final int ARGUMENTS = 16;
    /** Types of four bytes by the kernel's names (include/linux/types.h, uapi/asm-generic/posix_types.h); the rest takes eight. */
    private static final Set<String> SIGNED_32 = Set.of("int", "pid_t", "key_t", "clockid_t", "mqd_t", "timer_t", "s32", "__s32",
            "int32_t", "rwf_t", "key_serial_t");
    private static final Set<String> UNSIGNED_32 = Set.of("unsigned int", "unsigned", "uid_t", "gid_t", "qid_t", "mode_t",
            "umode_t", "u32", "__u32", "uint32_t");
    /** What LTTng has as text: names and paths, by the kernel's names for them. */
    private static final Set<String> TEXTS = Set.of("filename", "pathname", "path", "oldname", "newname", "name", "u_name", "uname",
            "name_user", "specialfile", "new_root", "put_old", "dev_name", "dir_name", "from_pathname", "to_pathname", "special");
    private static final Set<String> SIGNED_64 = Set.of("long", "loff_t", "off_t", "ssize_t", "s64", "__s64");

    /**
     * What the kernel tells of a call.
     *
     * @param formats the format of {@code sys_enter_NAME}
     * @param read whether events may come with what arguments point to
     * @return null when it tells nothing
     */
    static SyscallFields of(String name, Function<String, TracepointFormat> formats, boolean read) {
        try {
            List<Field> fields = formats.apply("sys_enter_" + CallFunctions.function(name)).fields().stream()
                    .filter(field -> field.offset() >= ARGUMENTS && field.sizeBytes() == Long.BYTES).toList();
            return of(fields, name, read);
        } catch (TracepointException notTold) {
            return null;
        }
    }

    private static SyscallFields of(List<Field> fields, String call, boolean read) {
        if (fields.size() > MAX_ARGUMENTS) {
            return null;
        }
        int address = read && TextArguments.of(call) != null ? TextArguments.of(call).address() : NONE;
        StringBuilder declarations = new StringBuilder();
        StringBuilder addresses = new StringBuilder();
        StringBuilder behind = new StringBuilder();
        int narrow = 0;
        int texts = 0;
        int size = 0;
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            String type = field.type().replaceFirst("^const ", "").strip();
            if (type.equals("char *") && TEXTS.contains(field.name())) {
                texts |= 1 << i;
                declarations.append(Tsdl.string(field.name()));
                addresses.append(Tsdl.x64(field.name() + KernelEvent.ADDRESS));
                size += 1 + Long.BYTES;
                if (read) {
                    behind.append(Tsdl.u8(field.name() + KernelEvent.READ));
                    size++;
                }
            } else if (SIGNED_32.contains(type) || UNSIGNED_32.contains(type)) {
                narrow |= 1 << i;
                declarations.append(SIGNED_32.contains(type) ? Tsdl.i32(field.name()) : Tsdl.u32(field.name()));
                size += Integer.BYTES;
            } else {
                declarations.append(type.contains("*") ? Tsdl.x64(field.name())
                        : SIGNED_64.contains(type) ? Tsdl.i64(field.name()) : Tsdl.u64(field.name()));
                size += Long.BYTES;
            }
            if (i == address) {
                behind.append(SocketAddressFields.declarations(field.name()));
            }
        }
        return new SyscallFields(declarations.append(addresses).append(behind).toString(), narrow, texts, fields.size(), address,
                size);
    }
}
