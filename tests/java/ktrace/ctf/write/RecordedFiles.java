package ktrace.ctf.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import ktrace.ctf.TraceEnvironment;
import ktrace.ctf.read.LttngTrace;
import ktrace.event.EventSink;
import ktrace.event.EventSource.Capabilities;
import ktrace.system.Targets;
import ktrace.tracefs.FormatParser;
import ktrace.tracefs.TracepointException;
import ktrace.tracefs.TracepointFormat;

/** A trace that ktrace's own writer writes into a directory. */
public final class RecordedFiles implements PacketSink {
    private static final UUID ID = UUID.fromString(LttngTrace.UUID);

    final Path directory;

    public RecordedFiles(Path directory) {
        this.directory = directory;
        metadata(Preamble.of(new TraceEnvironment("perf", Capabilities.OF_TRACEPOINTS, 3,
                "0.0", "host \"x\"", "6.18.0", "#1", "x86_64",
                1_700_000_000_000_000_000L, "-p 7", Targets.processes(1, List.of(7))), ID));
    }

    public EventSink writer(int... cpus) {
        return new CtfWriter(this, Preamble.bytes(ID), cpus, RecordedFiles::format, false);
    }

    /** Of a collector that reads what calls are given. */
    EventSink writerOfTexts(int... cpus) {
        return new CtfWriter(this, Preamble.bytes(ID), cpus, RecordedFiles::format, true);
    }

    /** Some calls as the kernel describes them; the others it does not. */
    static TracepointFormat format(String name) {
        String fields = switch (name) {
            case "sys_enter_read" -> field("unsigned int fd", 16) + field("char * buf", 24) + field("size_t count", 32);
            case "sys_enter_openat" -> field("int dfd", 16) + field("const char * filename", 24) + field("int flags", 32)
                    + field("umode_t mode", 40);
            case "sys_enter_newstat" -> field("const char * filename", 16) + field("struct stat * statbuf", 24);
            case "sys_enter_renameat" -> field("int olddfd", 16) + field("const char * oldname", 24) + field("int newdfd", 32)
                    + field("const char * newname", 40);
            case "sys_enter_connect" -> field("int fd", 16) + field("struct sockaddr * uservaddr", 24) + field("int addrlen", 32);
            case "sys_enter_getppid" -> "";
            default -> throw new TracepointException("no " + name);
        };
        return FormatParser.parse("name: " + name + "\nID: 7\nformat:\n\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
                + fields, name);
    }

    private static String field(String declaration, int offset) {
        return "\tfield:" + declaration + ";\toffset:" + offset + ";\tsize:8;\tsigned:0;\n";
    }

    @Override
    public void metadata(String text) {
        append("metadata", text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void packet(String file, MemorySegment packet, long sizeBytes) {
        append(file, packet.asSlice(0, sizeBytes).toArray(ValueLayout.JAVA_BYTE));
    }

    private void append(String file, byte[] bytes) {
        try {
            Files.write(directory.resolve(file), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
