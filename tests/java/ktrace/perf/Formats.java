package ktrace.perf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ktrace.tracefs.FormatParser;
import ktrace.tracefs.TracepointFormat;

/** The tracepoints as kernels lay them out, from tests/formats. */
final class Formats {
    private Formats() {
    }

    static Path file(Tracepoint tracepoint) {
        return Path.of("tests/formats/6.18", tracepoint.system(), tracepoint.tracepoint(), "format");
    }

    static TracepointFormat of(Tracepoint tracepoint) {
        Path file = file(tracepoint);
        try {
            return FormatParser.parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<RawLayout> layouts() {
        List<RawLayout> layouts = new ArrayList<>();
        for (Tracepoint tracepoint : Tracepoint.values()) {
            layouts.add(tracepoint.hasFormat() ? RawLayout.of(tracepoint, of(tracepoint)) : RawLayout.OF_FAULTS);
        }
        return layouts;
    }

    /**
     * Layouts of other kernels: a real-time kernel has more common fields, so that everything else moves; before 6.13 or so a
     * migration carried its comm inline, and long before that wake-ups had a field more; before 6.16 no
     * exit said whether it was its process's last.
     */
    static TracepointFormat older(Tracepoint tracepoint) {
        String fields = switch (tracepoint) {
            case SCHED_WAKING -> """
                    field:char comm[16]; offset:16; size:16; signed:1;
                    field:pid_t pid; offset:32; size:4; signed:1;
                    field:int prio; offset:36; size:4; signed:1;
                    field:int success; offset:40; size:4; signed:1;
                    field:int target_cpu; offset:44; size:4; signed:1;
                    """;
            case SCHED_MIGRATE_TASK -> """
                    field:char comm[16]; offset:16; size:16; signed:1;
                    field:pid_t pid; offset:32; size:4; signed:1;
                    field:int prio; offset:36; size:4; signed:1;
                    field:int orig_cpu; offset:40; size:4; signed:1;
                    field:int dest_cpu; offset:44; size:4; signed:1;
                    """;
            case SCHED_PROCESS_EXIT -> """
                    field:char comm[16]; offset:16; size:16; signed:1;
                    field:pid_t pid; offset:32; size:4; signed:1;
                    field:int prio; offset:36; size:4; signed:1;
                    """;
            default -> throw new IllegalArgumentException(tracepoint.toString());
        };
        return FormatParser.parse("""
                name: %s
                ID: 40
                format:
                field:unsigned short common_type; offset:0; size:2; signed:0;
                field:unsigned char common_flags; offset:2; size:1; signed:0;
                field:unsigned char common_preempt_count; offset:3; size:1; signed:0;
                field:int common_pid; offset:4; size:4; signed:1;
                field:unsigned short common_migrate_disable; offset:8; size:2; signed:0;
                field:unsigned short common_padding; offset:10; size:2; signed:0;

                %s""".formatted(tracepoint.tracepoint(), fields), tracepoint.toString());
    }
}
