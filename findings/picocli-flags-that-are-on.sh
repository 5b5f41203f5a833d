#!/usr/bin/env bash
# What:     a boolean picocli option whose default is true becomes false when the user gives it. With negatable = true,
#           --follow switches following off and --no-follow switches it on.
# Version:  info.picocli:picocli 4.7.7 (Maven Central).
# Surprise: giving a flag means "not the default", rather than "true". Nothing fails, --help shows --[no-]follow as wished,
#           and all looks right as long as defaults are false. With --follow=true the value counts.
# Who:      who turns a flag's default on later, and keeps the option for old scripts: those scripts now switch it off.
# Instead:  fallbackValue = "true" beside defaultValue = "true".
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mvn -q -B dependency:copy -Dartifact=info.picocli:picocli:4.7.7 -DoutputDirectory=. > maven.log 2>&1 \
    || { cat maven.log >&2; exit 2; }
echo "version: info.picocli:picocli 4.7.7"

cat > Flags.java <<'JAVA'
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "flags")
public class Flags {
    @Option(names = "--plain", defaultValue = "true")
    boolean plain;

    @Option(names = "--follow", negatable = true, defaultValue = "true")
    boolean follow;

    @Option(names = "--mended", negatable = true, defaultValue = "true", fallbackValue = "true")
    boolean mended;

    public static void main(String[] none) {
        show("--plain");
        show("--follow");
        show("--no-follow");
        show("--follow=true");
        show("--mended");
        show("--no-mended");
    }

    private static void show(String argument) {
        Flags flags = new Flags();
        new CommandLine(flags).parseArgs(argument);
        boolean value = argument.contains("plain") ? flags.plain : argument.contains("follow") ? flags.follow : flags.mended;
        System.out.println(argument + " " + value);
    }
}
JAVA
java -cp 'picocli-4.7.7.jar' Flags.java > seen.txt
echo "expected: every flag given is true, every --no- is false"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
--plain false
--follow false
--no-follow true
--follow=true true
--mended true
--no-mended false
SEEN
