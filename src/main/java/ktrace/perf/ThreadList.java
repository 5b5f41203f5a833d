package ktrace.perf;

import java.io.File;

/** The threads of a process as /proc/PID/task lists them. */
final class ThreadList {
    private ThreadList() {
    }

    /** Their numbers; empty when the process is gone. */
    static int[] of(int tgid) {
        String[] names = new File("/proc/" + tgid + "/task").list();
        int[] tids = new int[names == null ? 0 : names.length];
        for (int i = 0; i < tids.length; i++) {
            tids[i] = Integer.parseInt(names[i]);
        }
        return tids;
    }
}
