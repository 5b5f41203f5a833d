package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Attaching to what cannot stop, and to what never rests; and letting it go again. */
@RealKernel
class PtraceAttachTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long VFORK_MS = 12_000;

    /** It sleeps uninterruptibly until its child has ended (state D), and takes no stop until then. */
    @Test
    void whoWaitsForItsVforkedChildIsLetGoWithoutAStop() {
        try (RunningProgram target = RunningProgram.start(Workload.command("process", "vfork", "--count", "1", "--ms",
                Long.toString(VFORK_MS)))) {
            // Loading its own pages is a state D too, a short one.
            awaitTrue(() -> hasChild(target.pid()) && state(target.pid()).equals("D"), target);
            try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "ptrace", "-d", "200ms", "-p", Long.toString(target.pid())))) {
                assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            }
            assertEquals("D", state(target.pid()), "it has waited for its child all the time");
            assertEquals("0", status(target.pid(), "TracerPid"));
            assertEquals(0, target.exitStatus(PATIENCE), target::describe);
        }
    }

    @Test
    void everyCallOfAWindowOfTwoHundredBusyThreadsIsCountedOnce() {
        try (RunningProgram target = RunningProgram.start(Workload.command("busy", "200"))) {
            target.awaitDocument("ready", PATIENCE);
            try (Ktrace ktrace = Ktrace.attach(List.of("-c", "ptrace"), target.pid())) {
                target.writeLine("go");
                RunningProgram.sleep(Duration.ofSeconds(2));
                target.writeLine("halt");
                long calls = target.awaitDocument("calls", PATIENCE).path("calls").asLong();
                ktrace.interrupt();
                FinalDocument document = ktrace.finalDocument();
                assertTrue(calls > 5000, () -> "calls in two seconds: " + calls);
                assertEquals(calls, document.calls("getppid"));
                assertEquals(0, document.json().path("lost").asLong());
            }
            target.closeStdin();
            assertEquals(0, target.exitStatus(PATIENCE), target::describe);
            assertEquals(200, target.awaitDocument("ended", PATIENCE).path("ended").asInt());
        }
    }

    /** Attaching has it leave its call and go on with it: whenever /proc is read meanwhile, it has been blocked all the time. */
    @Test
    void whoIsBlockedIsSoFromTheBeginHoweverItStandsWhenItIsLookedAt() {
        for (int i = 0; i < 10; i++) {
            try (RunningProgram target = RunningProgram.start(List.of("sleep", "60"));
                    RunningProgram reader = RunningProgram.start(List.of("cat"))) {
                for (RunningProgram program : List.of(target, reader)) {
                    awaitTrue(() -> state(program.pid()).equals("S"), program);
                }
                try (Ktrace ktrace = Ktrace.startWithJson(List.of("-c", "ptrace", "-d", "300ms", "-p",
                        target.pid() + "," + reader.pid()))) {
                    assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
                    FinalDocument document = ktrace.finalDocument();
                    long durationNs = document.json().path("durationNs").asLong();
                    assertTrue(durationNs >= 295_000_000, () -> "attaching is no part of the " + durationNs + " ns");
                    for (RunningProgram program : List.of(target, reader)) {
                        var states = document.process((int) program.pid()).path("states");
                        assertEquals(0, states.path("unknownNs").asLong(), states::toString);
                    }
                }
            }
        }
    }

    private static void awaitTrue(BooleanSupplier condition, RunningProgram program) {
        long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < giveUpNs, program::describe);
            RunningProgram.sleep(Duration.ofMillis(5));
        }
    }

    private static boolean hasChild(long pid) {
        return ProcessHandle.of(pid).orElseThrow().children().findAny().isPresent();
    }

    private static String state(long pid) {
        return status(pid, "State").substring(0, 1);
    }

    private static String status(long pid, String field) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream().filter(line -> line.startsWith(field + ":"))
                    .findFirst().orElseThrow().substring(field.length() + 1).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
