package ktrace.decode;

import ktrace.linux.Errno;

/**
 * What the kinds of parameters work with while one call is written: the call, what can be asked about its caller, and the text.
 * One for each formatter, on its thread.
 */
public final class Decoding {
    private static final int PATH_MAX = 4096;
    private static final int TASK_COMM_LEN = 16;
    private static final int PAGE_BYTES = 4096;
    /** No call has a structure that is larger; a length that a caller made up must not become an allocation. */
    private static final int MAX_FETCH_BYTES = 1 << 20;
    /** Most paths fit, and one that crosses no page costs one read. */
    private static final int FIRST_READ_BYTES = 256;

    private final DecodeOptions options;
    private final byte[] chunk = new byte[PAGE_BYTES];
    private Call call;
    private CallerMemory memory;
    private FdNames fds;
    private StringBuilder out;

    public Decoding(DecodeOptions options) {
        this.options = options;
    }

    public void begin(Call call, CallerMemory memory, FdNames fds, StringBuilder out) {
        this.call = call;
        this.memory = memory;
        this.fds = fds;
        this.out = out;
    }

    public Call call() {
        return call;
    }

    public DecodeOptions options() {
        return options;
    }

    public StringBuilder out() {
        return out;
    }

    public long argument(int index) {
        return call.argument(index);
    }

    /** Whether the call has returned an error, or has not returned: what it should have filled means nothing. */
    public boolean failed() {
        return !call.isFinished() || Errno.isError(call.result());
    }

    // -- memory ------------------------------------------------------------------------------------------------------------

    /** {@code length} bytes of the caller's, or null when not all of them can be read. */
    public Bytes fetch(long address, int length) {
        if (address == 0 || length < 0 || length > MAX_FETCH_BYTES) {
            return null;
        }
        byte[] bytes = new byte[length];
        return memory.read(address, bytes, length) == length ? new Bytes(bytes, length, call.wordBytes()) : null;
    }

    /** The same, where numbers are of 8 bytes whatever the caller's {@code long} is. */
    Bytes fetchWide(long address, int length) {
        Bytes bytes = fetch(address, length);
        return bytes == null ? null : new Bytes(bytes.array(), length, Long.BYTES);
    }

    /** What can be read of {@code length} bytes without crossing a page; null when nothing can. */
    public Bytes fetchWithinPage(long address, int length) {
        if (address == 0) {
            return null;
        }
        byte[] bytes = new byte[(int) Math.min(length, PAGE_BYTES - (address & (PAGE_BYTES - 1)))];
        int read = memory.read(address, bytes, bytes.length);
        return read >= call.wordBytes() ? new Bytes(bytes, read, call.wordBytes()) : null;
    }

    /** An {@code int} of the caller's; {@code orElse} when it cannot be read. */
    public int intAt(long address, int orElse) {
        Bytes bytes = fetch(address, Integer.BYTES);
        return bytes == null ? orElse : bytes.i32(0);
    }

    // -- text --------------------------------------------------------------------------------------------------------------

    /** A pointer: {@code NULL} or {@code 0x7ffd1000}. */
    public void address(long address) {
        if (address == 0) {
            out.append("NULL");
        } else {
            hex(call.wordBytes() == 4 ? address & 0xffff_ffffL : address);
        }
    }

    /** {@code 0x1f}; {@code 0} as C's {@code %#x} has it. */
    public void hex(long value) {
        if (value == 0) {
            out.append('0');
        } else {
            out.append("0x").append(Long.toHexString(value));
        }
    }

    /** {@code 0644}; {@code 000} and {@code 022} have at least three digits, as the permissions of a file are shown. */
    public void octal(long mode) {
        String digits = Long.toOctalString(mode);
        if (mode == 0) {
            out.append("000");
        } else {
            out.append(digits.length() < 2 ? "00" : "0").append(digits);
        }
    }

    /** {@code 3</etc/passwd>}, or the bare number when there is no name. */
    public void fd(int fd) {
        out.append(fd);
        name(fd >= 0 ? fds.name(fd) : null);
    }

    /** The same of a descriptor that may stand for the current directory: {@code AT_FDCWD</root>}. */
    void directory(int fd) {
        if (fd == FdNames.AT_FDCWD) {
            out.append("AT_FDCWD");
            name(fds.name(fd));
        } else {
            fd(fd);
        }
    }

    /** The number of a process or thread, with its name where that is asked for: {@code 1234<sleep>}. */
    public void task(int number) {
        out.append(number);
        if (options.taskNames() && number > 0) {
            String name = fds.task(number);
            if (name != null) {
                Quoted.appendName(out.append('<'), name);
                out.append('>');
            }
        }
    }

    private void name(String name) {
        if (name != null) {
            FdText.append(out, name);
        }
    }

    /** A string that ends with a zero byte, whole up to PATH_MAX. */
    public void path(long address) {
        text(address, PATH_MAX - 1, 1);
    }

    /** A string that ends with a zero byte, up to the length in the options. */
    public void string(long address) {
        text(address, options.stringBytes(), 1);
    }

    /** The name of a thread, of which the kernel looks at the first fifteen bytes. */
    public void threadName(long address) {
        text(address, Math.min(options.stringBytes(), TASK_COMM_LEN - 1), 0);
    }

    /** @param ahead how many bytes behind the limit may be looked at to see whether the string ends there */
    private void text(long address, int limit, int ahead) {
        if (address == 0) {
            out.append("NULL");
            return;
        }
        int start = out.length();
        out.append('"');
        int shown = 0;
        long at = address;
        int wanted = FIRST_READ_BYTES;
        while (true) {
            int length = (int) Math.min(Math.min(wanted, PAGE_BYTES - (at & (PAGE_BYTES - 1))), limit + ahead - shown);
            int read = memory.read(at, chunk, length);
            if (read <= 0) {
                out.setLength(start);
                address(address);
                return;
            }
            int end = zero(read);
            int take = Math.min(end, limit - shown);
            Quoted.append(out, chunk, 0, take, end < read ? -1 : nextDigit(take, read));
            shown += take;
            if (end < read) {
                out.append('"');
                return;
            }
            if (shown >= limit) {
                out.append("\"...");
                return;
            }
            at += read;
            wanted = PAGE_BYTES;
        }
    }

    private int zero(int length) {
        for (int i = 0; i < length; i++) {
            if (chunk[i] == 0) {
                return i;
            }
        }
        return length;
    }

    /** What stands behind the part that is shown decides how short an octal escape at its end may be; a cut string has a quote. */
    private int nextDigit(int taken, int read) {
        return taken < read ? -1 : '0';
    }

    /** Bytes that do not end with a zero, up to {@code limit} of them. */
    public void bytes(long address, long length, int limit) {
        if (address == 0) {
            out.append("NULL");
            return;
        }
        int wanted = (int) Math.min(Math.max(length, 0), limit);
        if (Long.compareUnsigned(length, limit) > 0) {
            wanted = limit;
        }
        Bytes bytes = fetch(address, wanted);
        if (bytes == null) {
            address(address);
            return;
        }
        out.append('"');
        Quoted.append(out, bytes.array(), 0, wanted, -1);
        out.append(wanted < length ? "\"..." : "\"");
    }

    /** What is read, written, sent or received: shown only when the options say so. */
    public void data(long address, long length) {
        if (options.dataBytes() == 0) {
            address(address);
        } else {
            bytes(address, length, options.dataBytes());
        }
    }
}
