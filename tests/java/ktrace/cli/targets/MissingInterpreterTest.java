package ktrace.cli.targets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import ktrace.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingInterpreterTest {
    @TempDir
    Path directory;

    @Test
    void ofAScriptIsNamed() throws IOException {
        assertEquals("/no/such/python3", of("#! /no/such/python3 -u\nprint(1)\n"));
        assertNull(of("#!/bin/sh\n"));
        assertNull(of("#!\n"));
        assertNull(of(""));
        assertNull(MissingInterpreter.of(directory.resolve("none").toString(), Uapi.ENOENT()));
    }

    @Test
    void ofAProgramIsNamed() throws IOException {
        byte[] java = Files.readAllBytes(Path.of(System.getProperty("java.home"), "bin", "java"));
        byte[] loader = "/lib".getBytes(StandardCharsets.US_ASCII);
        int at = 0;
        while (!Arrays.equals(Arrays.copyOfRange(java, at, at + 4), loader)) {
            at++;
        }
        java[at + 1] = 'x';
        Path file = Files.write(directory.resolve("program"), java);
        String named = MissingInterpreter.of(file.toString(), Uapi.ENOENT());
        assertEquals("/xib", named.substring(0, 4));
        assertNull(MissingInterpreter.of(file.toString(), Uapi.EACCES()));
    }

    private String of(String text) throws IOException {
        return MissingInterpreter.of(Files.writeString(directory.resolve("script"), text).toString(), Uapi.ENOENT());
    }
}
