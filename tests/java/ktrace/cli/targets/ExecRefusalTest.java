package ktrace.cli.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecRefusalTest {
    @TempDir
    Path directory;

    @Test
    void whatWouldHelpIsSaid() throws IOException {
        assertEquals("it is a directory", ExecRefusal.reason(directory.toString(), Uapi.EACCES()));
        Path script = Files.writeString(directory.resolve("script"), "#!/bin/sh\n");
        assertEquals("it may not be executed; chmod +x it, or write the program before it that is to run it",
                ExecRefusal.reason(script.toString(), Uapi.EACCES()));
        script.toFile().setExecutable(true);
        assertEquals("EACCES (Permission denied)", ExecRefusal.reason(script.toString(), Uapi.EACCES()), "of its directory, or noexec");
        assertEquals("ENOEXEC (Exec format error); a script needs a first line like #!/bin/sh, or write sh before it",
                ExecRefusal.reason(script.toString(), Uapi.ENOEXEC()));
        assertEquals("ENOENT (No such file or directory); is it installed, and in PATH?",
                ExecRefusal.reason(directory.resolve("none").toString(), Uapi.ENOENT()));
    }
}
