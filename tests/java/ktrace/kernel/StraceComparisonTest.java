package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ktrace log -c ptrace --data 32} shows what {@code strace -f -y} shows, for programs that people run. */
@RealKernel
class StraceComparisonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final double LEAST_SHARE = 0.98;
    /** Calls of which it is not known what the other shows. Mostly a JVM's futexes: they depend on which thread comes first. */
    private static final double MOST_UNPAIRED = 0.02;

    @TempDir
    private Path scratch;

    private record Program(String name, String script) { }

    private static final List<Program> PROGRAMS = List.of(
            new Program("shell", """
                    cat /etc/passwd | sort | uniq -c | head -3 > counted
                    (sleep 0.05 &); wait; echo $((1+2)) > out
                    for i in 1 2 3; do echo $i; done | while read x; do test -e $x || mkdir $x; done
                    ls -la . /etc | wc -l; rm -r 1 2 3; mv out in; chmod 600 in; ln -s in link; dd if=/dev/zero of=z bs=4k count=4
                    """),
            new Program("python3", """
                    /usr/bin/python3 -c '
                    import socket, subprocess, threading, os, select, tempfile, signal
                    a, b = socket.socketpair()
                    t = threading.Thread(target=lambda: b.sendall(a.recv(9)))
                    a.settimeout(5); b.send(b"123"); t.start(); t.join()
                    s = socket.create_server(("127.0.0.1", 0)); c = socket.create_connection(s.getsockname()); d, _ = s.accept()
                    c.send(b"x" * 100); d.recv(200); e = select.epoll(); e.register(d, select.EPOLLIN); e.poll(0.01)
                    print(subprocess.run(["echo", "hi"], capture_output=True))
                    signal.signal(signal.SIGUSR1, lambda *a: None); os.kill(os.getpid(), signal.SIGUSR1)
                    print(os.stat("/etc"), os.listdir("/"), os.statvfs("/").f_bsize)'
                    """),
            new Program("git", """
                    export HOME=$PWD GIT_AUTHOR_DATE=2024-01-01T00:00:00Z GIT_COMMITTER_DATE=2024-01-01T00:00:00Z
                    git init -q r; cd r; git config user.email a@b; git config user.name a
                    seq 1000 > a; git add a; git commit -q -m one; seq 1100 > a; git commit -q -a -m two
                    git log --stat; git diff HEAD~1; git status; git gc -q; git fsck
                    """),
            new Program("gcc", """
                    printf '#include <stdio.h>\\nint f(int);\\nint main(void){printf("%d", f(3));return 0;}' > a.c
                    printf 'int f(int i){return i+1;}' > b.c
                    gcc -O1 -o a a.c b.c && ./a
                    """),
            new Program("tar", """
                    tar czf x.tgz /etc/apt /etc/ssl; mkdir y; tar xzf x.tgz -C y; tar tzvf x.tgz; du -s y; cp -a y z
                    """),
            new Program("find", "find /etc /usr/share/doc -name '*.conf' -newer /etc/hostname"),
            new Program("curl", "curl -s -o page http://127.0.0.1:$PORT/; curl -s http://127.0.0.1:1/; cat page"),
            new Program("redis", """
                    redis-server --port 0 --unixsocket $PWD/s --save '' --appendonly yes &
                    while ! redis-cli -s $PWD/s ping; do sleep 0.1; done
                    redis-cli -s $PWD/s set a 1; redis-cli -s $PWD/s incr a; redis-cli -s $PWD/s shutdown; wait
                    """),
            new Program("java", "$JAVA -version; $JAVA -Xint --list-modules"));

    @Test
    void realPrograms() throws IOException {
        // The web server's worker is a user of its own, who must be able to get there.
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        Server web = new Server(scratch, "nginx.sh");
        int port = web.run("start").path("port").asInt();
        try {
            Outcome outcome = compare("programs", PROGRAMS, port);
            assertTrue(outcome.agreed >= LEAST_SHARE * outcome.compared, outcome::describe);
            assertTrue(outcome.unpaired <= MOST_UNPAIRED * outcome.compared, outcome::describe);
        } finally {
            web.run("stop");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"calls", "calls32", "rarecalls", "rarecalls32"})
    void callsOfEveryFamily(String workload) throws IOException {
        Path program = Workload.program(workload);
        assumeTrue(Files.isExecutable(program), "needs a C compiler for i386 (gcc-multilib)");
        Outcome outcome = compare(workload, List.of(new Program(workload, "exec " + program)), 0);
        assertTrue(outcome.compared > 250, outcome::describe);
        assertEquals(List.of(), outcome.missed, "what strace shows in the same way in two runs, ktrace shows so too");
    }

    /**
     * Of calls that ktrace decodes.
     *
     * @param agreed are shown by both alike
     * @param compared were made in both runs
     * @param unpaired were made in one run only, of all calls
     * @param missed were shown by strace alike in two runs, and by ktrace in another way or not at all
     * @param file has them all
     */
    private record Outcome(int agreed, int compared, int unpaired, List<String> missed, Path file) {
        String describe() {
            return agreed + " of " + compared + " calls are shown as strace shows them, " + unpaired + " were made in one run only: "
                    + file;
        }
    }

    /** Prints the share of calls that are shown alike, and writes it to target with all that differ. */
    private Outcome compare(String what, List<Program> programs, int port) throws IOException {
        Set<String> decoded = decodedCalls();
        Map<String, int[]> byName = new TreeMap<>();
        List<String> report = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        int[] all = new int[2];
        int unpaired = 0;
        List<String> missed = new ArrayList<>();
        for (Program program : programs) {
            CallTranscript theirs = strace(program, port);
            TranscriptComparison own = TranscriptComparison.of(theirs, strace(program, port));
            TranscriptComparison comparison = TranscriptComparison.of(theirs, ktrace(program, port));
            report.add(line(program.name(), sum(comparison, decoded)) + "; in one run only: " + comparison.withoutPartner()
                    + "; strace with itself:" + line("", sum(own, decoded)) + ", " + own.withoutPartner());
            differences.add("== " + program.name());
            differences.addAll(comparison.differences());
            theirs.all().filter(call -> own.agreed().contains(call) && !comparison.agreed().contains(call)
                    && decoded.contains(call.name())).map(CallTranscript.Call::text).forEach(missed::add);
            unpaired += comparison.withoutPartner();
            comparison.tallies().forEach((name, tally) -> add(byName.computeIfAbsent(name, key -> new int[2]), tally));
            int[] sum = sum(comparison, decoded);
            all[0] += sum[0];
            all[1] += sum[1];
        }
        byName.forEach((name, sum) -> report.add(line(name + (decoded.contains(name) ? "" : " (not decoded)"), sum)));
        report.add(line("all calls that are decoded", all) + "; " + missed.size() + " that strace shows alike in two runs are not among them");
        report.forEach(System.out::println);
        Path file = Path.of("target", "strace-comparison-" + what + ".txt");
        Files.write(file, Stream.concat(report.stream(), differences.stream()).toList());
        return new Outcome(all[0], all[1], unpaired, missed, file);
    }

    /** How many of the decoded calls agree, and how many there are. */
    private static int[] sum(TranscriptComparison comparison, Set<String> decoded) {
        int[] sum = new int[2];
        comparison.tallies().forEach((name, tally) -> {
            if (decoded.contains(name)) {
                add(sum, tally);
            }
        });
        return sum;
    }

    private static void add(int[] sum, TranscriptComparison.Tally tally) {
        sum[0] += tally.agreed();
        sum[1] += tally.compared();
    }

    private static String line(String name, int[] sum) {
        return "%-28s %6d of %6d, %6.2f %%".formatted(name, sum[0], sum[1], 100.0 * sum[0] / Math.max(sum[1], 1));
    }

    private CallTranscript strace(Program program, int port) throws IOException {
        Path log = scratch.resolve("strace.log");
        run(List.of("strace", "-f", "-y", "-s", "32", "-o", log.toString()), program, port);
        return CallTranscript.ofStrace(Files.readAllLines(log, StandardCharsets.ISO_8859_1));
    }

    private CallTranscript ktrace(Program program, int port) throws IOException {
        List<String> tracer = new ArrayList<>(Ktrace.launcher());
        tracer.addAll(List.of("log", "-c", "ptrace", "--data", "32", "--"));
        return CallTranscript.ofKtrace(run(tracer, program, port).lines().toList());
    }

    /** Each time in a new directory with the same name. */
    private String run(List<String> tracer, Program program, int port) throws IOException {
        Path directory = Files.createDirectory(scratch.resolve("work"));
        List<String> command = new ArrayList<>(tracer);
        command.addAll(List.of("sh", "-c", "exec < /dev/null > /dev/null 2>&1\n" + program.script()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("PORT", Integer.toString(port));
        builder.environment().put("JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        try (RunningProgram running = RunningProgram.start(builder)) {
            running.exitStatus(PATIENCE);
            return running.stderr();
        } finally {
            assertEquals(0, RunningProgram.start(List.of("rm", "-r", directory.toString())).exitStatus(PATIENCE));
        }
    }

    private static Set<String> decodedCalls() throws IOException {
        Set<String> names = new HashSet<>(Set.of(CallTranscript.SIGNAL, CallTranscript.ENDING));
        try (var reader = new BufferedReader(new InputStreamReader(
                StraceComparisonTest.class.getResourceAsStream("/ktrace/decode/calls.txt"), StandardCharsets.US_ASCII))) {
            reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> names.addAll(List.of(line.split(" ")[0].split(","))));
        }
        return names;
    }
}
