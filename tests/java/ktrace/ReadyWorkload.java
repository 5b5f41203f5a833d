package ktrace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ktrace.linux.SyscallTable;

/** A workload that prints one line when it is ready, and ends after another line or at the end of its input. */
public final class ReadyWorkload implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private ReadyWorkload(Process process) throws IOException {
        this.process = process;
        out = new BufferedReader(new InputStreamReader(process.getInputStream()));
        String line = out.readLine();
        assertTrue(line != null && line.contains("\"ready\":true"), "said: " + line);
    }

    public static ReadyWorkload start(String name, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("target/workloads/" + name));
        command.addAll(List.of(arguments));
        return new ReadyWorkload(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    public int pid() {
        return (int) process.pid();
    }

    /** It has said that it is ready, but may still be on its way into the read: that entry is seen, or not, as it happens. */
    public void awaitBlockedInRead() {
        String read = SyscallTable.current().number("read") + " ";
        try {
            while (!Files.readString(Path.of("/proc/" + pid() + "/syscall")).startsWith(read)) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** The next line that it prints. */
    public String line() throws IOException {
        return out.readLine();
    }

    public boolean runs() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
