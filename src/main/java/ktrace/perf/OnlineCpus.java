package ktrace.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The CPUs that run, as /sys/devices/system/cpu/online lists them ({@code 0-3,6}; Documentation/admin-guide/cputopology.rst). */
final class OnlineCpus {
    private OnlineCpus() {
    }

    static int[] read() {
        try {
            return parse(Files.readString(Path.of("/sys/devices/system/cpu/online")));
        } catch (IOException e) {
            // Without sysfs the kernel's numbers start at 0 and are mostly dense; one that is not there is refused when opened.
            return IntStream.range(0, Runtime.getRuntime().availableProcessors()).toArray();
        }
    }

    static int[] parse(String list) {
        IntStream cpus = IntStream.empty();
        for (String range : list.strip().split(",")) {
            String[] ends = range.split("-");
            cpus = IntStream.concat(cpus,
                    IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
        }
        return cpus.toArray();
    }
}
