package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import ktrace.event.ThreadSnapshot;

/** The small formats of /proc: {@code Name: number} lines, and /proc/PID/task/TID/syscall. */
final class ProcText {
    private static final int ARGUMENTS = 6;
    private static final long[] NO_ARGUMENTS = {};

    private ProcText() {
    }

    /** The number after {@code name} at the start of a line; {@code otherwise} when there is none. */
    static long field(byte[] text, String name, long otherwise) {
        for (int line = 0; line < text.length; line = nextLine(text, line)) {
            int at = line;
            int i = 0;
            while (i < name.length() && at < text.length && text[at] == name.charAt(i)) {
                at++;
                i++;
            }
            if (i == name.length()) {
                return number(text, at, otherwise);
            }
        }
        return otherwise;
    }

    private static long number(byte[] text, int from, long otherwise) {
        int at = from;
        while (at < text.length && (text[at] == ' ' || text[at] == '\t')) {
            at++;
        }
        boolean negative = at < text.length && text[at] == '-';
        at += negative ? 1 : 0;
        int start = at;
        long number = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + text[at++] - '0';
        }
        return at == start ? otherwise : negative ? -number : number;
    }

    /** The numbers after {@code name} at the start of a line; none when there is no such line. */
    static int[] numbers(byte[] text, String name) {
        for (String line : text == null ? new String[0] : new String(text, StandardCharsets.ISO_8859_1).split("\n")) {
            if (line.startsWith(name)) {
                try {
                    return Stream.of(line.substring(name.length()).trim().split("\\s+")).mapToInt(Integer::parseInt).toArray();
                } catch (NumberFormatException notSuchAFile) {
                    return new int[0];
                }
            }
        }
        return new int[0];
    }

    static int nextLine(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    /** In no call, but not in user space either: a kernel thread that sleeps in D does not wait for a page of its program. */
    static ThreadSnapshot ofKernelThread(int tid, int tgid, ProcStat stat) {
        return new ThreadSnapshot(tid, tgid, stat.comm(), stat.state(), ThreadSnapshot.SYSCALL_UNKNOWN, NO_ARGUMENTS);
    }

    /** Whether the stack of a thread in a call lies where that of a 32-bit program must, and few others do. */
    static boolean hasLowStack(byte[] file) {
        String[] words = file == null ? new String[0] : new String(file, StandardCharsets.ISO_8859_1).split(" ");
        return words.length > ARGUMENTS + 1 && words[ARGUMENTS + 1].length() <= "0xffffffff".length();
    }

    /**
     * The call that a thread is in (proc_pid_syscall(5)): {@code running} while it is on a CPU, where nothing is told; -1 when it
     * is blocked outside a call; else the number, six arguments in hexadecimal, stack and program counter.
     */
    static ThreadSnapshot syscall(byte[] file, int tid, int tgid, ProcStat stat) {
        int number = ThreadSnapshot.SYSCALL_UNKNOWN;
        long[] args = NO_ARGUMENTS;
        if (file != null) {
            String[] words = new String(file, StandardCharsets.ISO_8859_1).trim().split(" ");
            try {
                number = words[0].equals("running") ? ThreadSnapshot.SYSCALL_UNKNOWN : Integer.parseInt(words[0]);
                if (number >= 0 && words.length > ARGUMENTS) {
                    args = new long[ARGUMENTS];
                    for (int i = 0; i < ARGUMENTS; i++) {
                        args[i] = Long.parseUnsignedLong(words[i + 1].substring(2), 16);
                    }
                }
            } catch (NumberFormatException | StringIndexOutOfBoundsException notSuchAFile) {
                number = ThreadSnapshot.SYSCALL_UNKNOWN;
                args = NO_ARGUMENTS;
            }
        }
        return new ThreadSnapshot(tid, tgid, stat.comm(), stat.state(), number, args);
    }
}
