package ktrace.facts.live;

import java.nio.charset.StandardCharsets;
import ktrace.text.RawText;

/**
 * /proc/PID/stat and /proc/PID/task/TID/stat (proc_pid_stat(5)).
 *
 * @param pid the number
 * @param comm the name, unescaped; it may hold blanks, newlines and parentheses, which is why fields are counted from the last ')'
 * @param state R S D T t Z X I
 * @param ttyNumber the controlling terminal's device, 0 for none
 * @param kernelThread PF_KTHREAD (include/linux/sched.h): it runs no program and makes no system calls
 * @param threads of the process, with a leader that has ended before them
 * @param startTicks start after boot in clock ticks (sysconf(_SC_CLK_TCK))
 */
record ProcStat(int pid, String comm, char state, int ppid, int ttyNumber, boolean kernelThread, int threads,
        long startTicks) {
    private static final int STATE = 0;
    private static final int PPID = 1;
    private static final int TTY_NR = 4;
    private static final int FLAGS = 6;
    private static final long PF_KTHREAD = 0x200000;
    private static final int NUM_THREADS = 17;
    private static final int START_TIME = 19;

    /** It has ended; of a process this is about its first thread alone. */
    boolean isOver() {
        return state == 'Z' || state == 'X';
    }

    /** A first thread has ended, and others with it. */
    boolean isProcessOver() {
        return isOver() && threads <= 1;
    }

    /** Null for null and for what is not such a file. */
    static ProcStat parse(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        int open = 0;
        while (open < bytes.length && bytes[open] != '(') {
            open++;
        }
        int close = bytes.length - 1;
        while (close > open && bytes[close] != ')') {
            close--;
        }
        if (close <= open) {
            return null;
        }
        String[] fields = new String(bytes, close + 1, bytes.length - close - 1, StandardCharsets.ISO_8859_1).trim().split(" ");
        if (fields.length <= START_TIME || fields[STATE].length() != 1) {
            return null;
        }
        try {
            return new ProcStat(
                    Integer.parseInt(new String(bytes, 0, open, StandardCharsets.ISO_8859_1).trim()),
                    RawText.of(bytes, open + 1, close - open - 1),
                    fields[STATE].charAt(0),
                    Integer.parseInt(fields[PPID]),
                    Integer.parseInt(fields[TTY_NR]),
                    (Long.parseLong(fields[FLAGS]) & PF_KTHREAD) != 0,
                    Integer.parseInt(fields[NUM_THREADS]),
                    Long.parseLong(fields[START_TIME]));
        } catch (NumberFormatException notSuchAFile) {
            return null;
        }
    }

    /** The same in another state. */
    ProcStat in(char otherState) {
        return new ProcStat(pid, comm, otherState, ppid, ttyNumber, kernelThread, threads, startTicks);
    }

    /** The index of a pseudo-terminal from its device number as the kernel encodes it (new_encode_dev), -1 for another terminal. */
    int ptsIndex() {
        int major = ttyNumber >>> 8 & 0xfff;
        int minor = ttyNumber & 0xff | ttyNumber >>> 12 & 0xfff00;
        return major >= 136 && major <= 143 ? (major - 136) * 256 + minor : -1;
    }
}
