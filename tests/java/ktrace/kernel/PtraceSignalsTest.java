package ktrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signals come to a program that is traced by ptrace as they do to one that is not: none lost, none twice, in order, all told. */
@RealKernel
class PtraceSignalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int SIGNALS = 20_000;

    @Test
    void callsAreInterruptedFaultsComeAndParentsSeeStopsAsUntraced() {
        List<String> command = Workload.command("signals", "behaviour");
        try (RunningProgram bare = RunningProgram.start(command);
                Ktrace traced = Ktrace.start(commandLine(command))) {
            assertEquals(0, bare.exitStatus(PATIENCE), bare::describe);
            assertEquals(0, traced.awaitExit(), () -> traced.program().describe());
            assertTrue(bare.stdout().contains("killed 6"), bare::describe);
            assertEquals(bare.stdout(), traced.program().stdout());
        }
    }

    @Test
    void aStormOfQueuedSignalsComesWholeAndInOrder() {
        try (Ktrace ktrace = Ktrace.startWithJson(commandLine(Workload.command("signals", "storm", Integer.toString(SIGNALS))))) {
            assertEquals(0, ktrace.awaitExit(), () -> ktrace.program().describe());
            assertEquals(0, ktrace.finalDocument().json().path("lost").asLong());
        }
    }

    /** Attaching, detaching and Ctrl-C meet signals in every state; only SIGKILL of ktrace may cost the one it holds. */
    @Test
    void tracersThatComeAndGoLoseNoSignal() {
        try (RunningProgram target = RunningProgram.start(Workload.command("signals", "storm", Integer.toString(4 * SIGNALS), "--wait-go"))) {
            target.awaitDocument("ready", PATIENCE);
            String pid = Long.toString(target.pid());
            target.writeLine("go");
            int rounds = 0;
            while (target.isAlive()) {
                try (Ktrace ktrace = rounds % 2 == 0
                        ? Ktrace.start(List.of("log", "-c", "ptrace", "-d", "100ms", "-p", pid))
                        : Ktrace.startWithJson(List.of("-c", "ptrace", "-p", pid))) {
                    if (rounds % 2 == 1) {
                        RunningProgram.sleep(Duration.ofMillis(900));
                        ktrace.program().signal("INT");
                    }
                    int status = ktrace.awaitExit();
                    assertTrue(status == 0 || !target.isAlive(), () -> ktrace.program().describe());
                }
                rounds++;
            }
            assertTrue(rounds >= 2, "the storm was over before anybody came: " + rounds);
            assertEquals(0, target.exitStatus(PATIENCE), target::describe);
            JsonNode result = target.awaitDocument("received", PATIENCE);
            assertEquals(4 * SIGNALS, result.path("received").asInt());
            assertEquals(0, result.path("wrong").asInt());
        }
    }

    /** A trace that does not come about lets go of what it had attached to as one that ends does. */
    @Test
    void aRefusalAfterAttachingLosesNoSignal() throws IOException {
        Path taken = Files.createTempFile("ktrace-taken", ".json");
        try (RunningProgram target = RunningProgram.start(Workload.command("signals", "storm", Integer.toString(6 * SIGNALS),
                "--wait-go"))) {
            target.awaitDocument("ready", PATIENCE);
            target.writeLine("go");
            int refused = 0;
            while (target.isAlive()) {
                try (Ktrace ktrace = Ktrace.start(List.of("-c", "ptrace", "--json=" + taken, "-p", Long.toString(target.pid())))) {
                    assertEquals(1, ktrace.awaitExit(), () -> ktrace.program().describe());
                    refused += ktrace.program().stderr().contains("exists") ? 1 : 0;
                }
            }
            assertTrue(refused >= 2, "the storm was over before anybody came: " + refused);
            assertEquals(0, target.exitStatus(PATIENCE), target::describe);
        } finally {
            Files.delete(taken);
        }
    }

    private static List<String> commandLine(List<String> command) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of("-c", "ptrace", "--"), command.stream()).toList();
    }
}
