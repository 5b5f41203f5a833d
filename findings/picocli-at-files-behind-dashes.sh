#!/usr/bin/env bash
# What:     picocli replaces an argument @NAME by the words in the file NAME even behind "--", and turns @@NAME into @NAME
#           there. If no such file exists the argument stays as it is.
# Version:  info.picocli:picocli 4.7.7 (Maven Central), default settings.
# Surprise: "--" ends the options, and what follows is meant for someone else. The same command line works or is torn up
#           depending on the files in the current folder.
# Who:      wrappers that run another command: tracers, profilers, sudo-likes ("tool -- curl -d @body.json URL",
#           "tool -- java @arguments"). The command receives the file's words, without quotes and comments.
# Instead:  CommandLine.setExpandAtFiles(false), or cut the command line at "--" before picocli sees it.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=info.picocli:picocli:4.7.7 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: info.picocli:picocli 4.7.7"

cat > Wrap.java <<'JAVA'
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "wrap")
public class Wrap {
    @Option(names = "-v")
    boolean verbose;

    @Parameters
    List<String> command;

    public static void main(String[] arguments) {
        Wrap wrap = new Wrap();
        new CommandLine(wrap).parseArgs(arguments);
        System.out.println(wrap.command);
    }
}
JAVA
printf '# the body\n"one two" three\n' > body
wrap() { java -cp 'picocli-4.7.7.jar' Wrap.java "$@"; }
present=$(wrap -- send @body) missing=$(wrap -- send @other) doubled=$(wrap -- send @@body)
echo "expected: '-- send @body' gives [send, @body], and likewise for @other and @@body"
echo "seen:     @body (a file)      $present"
echo "          @other (no file)    $missing"
echo "          @@body              $doubled"
[[ $present == "[send, one two, three]" && $missing == "[send, @other]" && $doubled == "[send, @body]" ]] \
    || { echo "changed"; exit 1; }
