package ktrace.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The collectors that see the scheduler, and are to tell the same. */
final class LiveCollectors {
    private LiveCollectors() {
    }

    /** Their names, as {@code -c} has them; those that this kernel has. */
    static Stream<String> names() {
        return Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")) ? Stream.of("perf", "bpf", "perf+bpf") : Stream.of("perf");
    }
}
