package ktrace.perf;

import java.io.File;
import java.util.stream.Stream;

/** The threads of a process as /proc/PID/task lists them, and the processes as /proc does. */
final class ThreadList {
    private ThreadList() {
    }

    /** Their numbers; empty when the process is gone. */
    static int[] of(int tgid) {
        return numbersIn("/proc/" + tgid + "/task");
    }

    /** All processes. */
    static int[] processes() {
        return numbersIn("/proc");
    }

    private static int[] numbersIn(String directory) {
        String[] names = new File(directory).list();
        return names == null ? new int[0]
                : Stream.of(names).filter(name -> Character.isDigit(name.charAt(0))).mapToInt(Integer::parseInt).toArray();
    }
}
