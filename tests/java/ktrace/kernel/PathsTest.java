package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls are given, read by the in-kernel collector; the workload knows, and gives what is broken and hostile as well. */
@RealKernel
class PathsTest {
    private static final Pattern CALL = Pattern.compile("^\\S+ \\d+ \\S+  (.*) = (.*) <[0-9.?]+>$");
    private static final String X = "x".repeat(4095);
    private static final String Y = "y".repeat(4095);
    private static final String LOOPBACK = "{sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr(\"127.0.0.1\")}";
    /** 0x… stands for any address. */
    private static final List<String> EXPECTED = List.of(
            "open(\"/nowhere/open\", O_RDONLY)",
            "openat(AT_FDCWD, \"nowhere/openat\", O_RDONLY)",
            "stat(\"/nowhere/stat\", 0x…)",
            "newfstatat(77, \"\", 0x…, AT_EMPTY_PATH)",
            "access(\"/nowhere/access\", R_OK)",
            "unlink(\"/nowhere/unlink\")",
            "rename(\"/nowhere/old\", \"/nowhere/new\")",
            "mkdir(\"/nowhere/mkdir\", 0700)",
            "readlink(\"/nowhere/readlink\", 0x…, 13)",
            "chdir(\"/nowhere/chdir\")",
            "mount(\"/nowhere/dev\", \"/nowhere/dir\", NULL, 0, NULL)",
            "execve(\"/nowhere/execve\", NULL, NULL)",
            "unlink(\"\\33[2J\\n\\377\\\"\\\\\\t\\342\\200\\256\")",
            "unlink(0x…)",
            "unlink(NULL)",
            "unlink(0x…)",
            "unlink(\"" + X + "\")",
            "unlink(\"" + X + "\"...)",
            "unlink(\"" + Y + "\"...)",
            "unlink(0x…)",
            "rename(\"/nowhere/readable\", 0x…)",
            "connect(3, " + LOOPBACK + ", 16)",
            "connect(3, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::1\", &sin6_addr),"
                    + " sin6_scope_id=0}, 28)",
            "connect(3, {sa_family=AF_UNIX, sun_path=\"/nowhere/socket\"}, 110)",
            "bind(77, " + LOOPBACK + ", 16)",
            "sendto(77, 0x…, 6, 0, " + LOOPBACK + ", 16)",
            "connect(3, 0x…, 129)",
            "connect(3, 0x…, -1)",
            "connect(3, 0x…, 16)");

    @TempDir
    private Path directory;

    @BeforeEach
    void needsTypes() {
        assumeTrue(Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")), "needs a kernel with BTF");
    }

    private static List<String> run(String... arguments) {
        try (Ktrace ktrace = Ktrace.start(List.of(arguments))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            return ktrace.program().stdout().lines().toList();
        }
    }

    private List<String> logged(String... command) throws IOException {
        Path log = directory.resolve("log");
        String[] arguments = new String[command.length + 5];
        System.arraycopy(new String[] {"log", "-c", "bpf", "-o", log.toString()}, 0, arguments, 0, 5);
        System.arraycopy(command, 0, arguments, 5, command.length);
        run(arguments);
        String text = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f || c >= 0x80), "what a terminal would obey");
        return text.lines().toList();
    }

    /** The workload's own calls, without addresses and what descriptors are called. */
    private static List<String> calls(List<String> log) {
        List<String> all = log.stream().map(CALL::matcher).filter(java.util.regex.Matcher::matches)
                .map(line -> line.group(1).replaceAll("\\((\\d+)<[^>]*>", "($1").replaceAll("0x[0-9a-f]+", "0x…"))
                .filter(call -> !call.startsWith("socket") && !call.startsWith("mmap(") && !call.startsWith("mprotect("))
                .toList();
        int begin = all.indexOf(EXPECTED.getFirst());
        assertTrue(begin >= 0, () -> String.join("\n", log));
        return all.subList(begin, Math.min(all.size(), begin + EXPECTED.size()));
    }

    /** In the log as it happens, in that of the recording, and in its rows; of programs of i386, too. */
    @ParameterizedTest
    @ValueSource(strings = {"paths", "paths32"})
    void theLogShowsWhatCallsAreGiven(String workload) throws Exception {
        assumeTrue(Files.isExecutable(Workload.program(workload)), "needs gcc-multilib");
        Path trace = directory.resolve("trace");
        List<String> live = logged("--record", trace.toString(), "--", Workload.program(workload).toString());
        assertEquals(EXPECTED, calls(live));
        assertFalse(String.join("\n", live).contains("secret"), "data is none of it");
        assertEquals(EXPECTED, calls(run("log", trace.toString())));
        Path rows = directory.resolve("rows");
        run("export", trace.toString(), "--format", "json", "-o", rows.toString());
        assertTrue(Files.readString(rows).contains("stat(\\\"/nowhere/stat\\\""), "in the rows");
        assertEquals(1, run("log", "-P", "/nowhere/stat", trace.toString()).stream().filter(line -> line.contains("(")).count());
        try (var files = Files.list(trace.resolve("kernel"))) {
            assertEquals(Set.of("rw-------"), Set.copyOf(files.map(PathsTest::mode).toList()));
        }
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The field's own tools find names where LTTng has them. */
    @Test
    void otherReadersSeeTheNames() throws Exception {
        Path trace = directory.resolve("trace");
        // Who runs before the first switch is not known to these analyses, but who is born is.
        run("record", "-c", "bpf", "-o", trace.toString(), "--", "sh", "-c", "cat /etc/passwd > /dev/null; "
                + Workload.program("paths") + "; true");
        String text = said("babeltrace", trace.toString());
        for (String expected : List.of("syscall_entry_newstat: ", "filename = \"/nowhere/stat\"", "oldname = \"/nowhere/old\"",
                "newname = \"/nowhere/new\"", "pathname = \"/nowhere/unlink\"", "path = \"/nowhere/readlink\"",
                "dev_name = \"/nowhere/dev\"", "family = 2, dport = 9, _v4addr_length = 4, v4addr = [ [0] = 127, [1] = 0, [2] = 0,",
                "pathname = \"0x8\", pathname_address = 0x8, pathname_read = 0", X + "x\", pathname_address = ")) {
            assertTrue(text.contains(expected), expected);
        }
        String io = said("lttng-iolog", "--skip-validation", trace.toString());
        assertTrue(io.contains("/etc/passwd (fd=3)"), io);
        String usage = said("lttng-iousagetop", "--skip-validation", trace.toString());
        assertTrue(usage.contains("/etc/passwd"), usage);
    }

    private String said(String... command) throws IOException, InterruptedException {
        Path out = directory.resolve("said");
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
        assertEquals(0, process.waitFor(), () -> command[0]);
        String said = Files.readString(errors, StandardCharsets.ISO_8859_1);
        assertFalse(said.contains("rror"), said);
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }

    /** Which of the two it sees is chance; that it is one of those that were there is not. */
    @Test
    void memoryThatChangesHarmsNobody() throws Exception {
        List<String> unlinked = logged("-e", "unlink", "--", Workload.program("paths").toString(), "change").stream()
                .filter(line -> line.contains("unlink(")).toList();
        assertEquals(1000, unlinked.size());
        for (String line : unlinked) {
            assertTrue(line.matches(".*  unlink\\(\"[ab]{0,64}\"\\) = -1 ENOENT .*"), line);
        }
    }

    /** The workload gives what cannot be read: where nobody asks, that is not noticed. */
    @Test
    void nothingIsReadForTheSummaryAlone() {
        try (Ktrace ktrace = Ktrace.traceCommand("bpf", Workload.command("paths"))) {
            assertTrue(ktrace.finalDocument().json().path("counters").path("textsNotRead").isMissingNode());
        }
        try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "bpf", "-o", directory.resolve("trace").toString(), "--",
                Workload.program("paths").toString()))) {
            assertEquals(0, ktrace.awaitExit());
            assertTrue(ktrace.finalDocument().json().path("counters").path("textsNotRead").asLong() >= 7, "those of the workload");
        }
    }
}
