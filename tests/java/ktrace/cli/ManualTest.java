package ktrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import ktrace.cli.manual.ManPage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Help, manual page and completion. */
class ManualTest {
    private static List<CommandLine> commands() {
        CommandLine all = ManualCommand.all();
        List<CommandLine> commands = new ArrayList<>(List.of(all, new CommandLine(new ManualCommand())));
        commands.addAll(all.getSubcommands().values());
        return commands;
    }

    @Test
    void helpFitsEightyColumnsAndBreaksNoName() {
        for (CommandLine command : commands()) {
            command.setUsageHelpAutoWidth(false);
            String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
            help.lines().forEach(line -> assertTrue(line.length() <= 80, line));
            assertTrue(help.lines().noneMatch(line -> line.endsWith("%") || line.endsWith("-")), help);
        }
    }

    @Test
    void theManualPageHasEveryOption() {
        String page = ManPage.of(ManualCommand.all(), "1");
        for (CommandLine command : commands().stream().filter(c -> !(c.getCommand() instanceof ManualCommand)).toList()) {
            command.getCommandSpec().options().forEach(option -> Stream.of(option.names()).forEach(name ->
                    assertTrue(page.contains(name.replace("-", "\\-")), () -> name + " is missing:\n" + page)));
        }
        assertTrue(page.contains(".SH KTRACE LOG\n"), page);
        assertTrue(page.lines().noneMatch(line -> line.isEmpty() || line.contains("${")), page);
    }

    @Test
    void manReadsIt() throws IOException, InterruptedException {
        assertEquals("", run(ManPage.of(ManualCommand.all(), "1"), "man", "--warnings", "-l", "-E", "ascii", "-"));
    }

    @Test
    void bashReadsTheCompletion() throws IOException, InterruptedException {
        String script = AutoComplete.bash("ktrace", ManualCommand.all());
        assertTrue(script.contains("--syscall-limit") && script.contains("record"), script);
        assertEquals("", run(script, "bash", "-n"));
    }

    /** What a program says on standard error about this input. */
    private static String run(String input, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException notThere) {
            Assumptions.abort("needs " + command[0]);
            return "";
        }
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
