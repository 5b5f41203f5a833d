package ktrace.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The CPUs that run, as /sys/devices/system/cpu/online lists them ({@code 0-3,6}; Documentation/admin-guide/cputopology.rst). */
public final class OnlineCpus {
    private OnlineCpus() {
    }

    public static int[] read() {
        return read("online");
    }

    /** One more than the highest number that a CPU can have, also one that is not there yet. */
    public static int limit() {
        int[] possible = read("possible");
        return possible[possible.length - 1] + 1;
    }

    private static int[] read(String list) {
        try {
            return parse(Files.readString(Path.of("/sys/devices/system/cpu", list)));
        } catch (IOException e) {
            // Without sysfs the kernel's numbers start at 0 and are mostly dense; one that is not there is refused when opened.
            return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
        }
    }

    /** The numbers of a list as this: also those of /proc/PID/status. */
    public static int[] parse(String list) {
        IntStream cpus = IntStream.empty();
        for (String range : list.strip().split(",")) {
            String[] ends = range.split("-");
            cpus = IntStream.concat(cpus,
                    IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
        }
        return cpus.toArray();
    }
}
