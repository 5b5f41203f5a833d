#!/usr/bin/env bash
# What:     jfr print --json (and --xml) cuts each stack at five frames and marks it "truncated": false. The mark tells whether the
#           recording has the whole stack, not whether the output has.
# Version:  JDK 17 (Debian 12, openjdk-17-jdk-headless 17.0).
# Surprise: five frames suit a screen, and the text form says "..." where it cuts. JSON is for programs, which ask the field
#           of that very name, and are told that all is there. A flame graph made of it has no roots in common.
# Who:      those who convert JFR files to stacks by way of JSON.
# Instead:  jfr print --json --stack-depth 2048.
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had. Needs python3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' openjdk-17-jdk-headless 2>/dev/null || true)
if [[ $found != 17.0* ]]; then
    apt-get -qq install -y --no-install-recommends openjdk-17-jdk-headless >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' openjdk-17-jdk-headless)
fi
echo "version: openjdk-17-jdk-headless $found"
[[ $found == 17.0* ]] || exit 2
java=$(echo /usr/lib/jvm/java-17-openjdk-*/bin)

cat > Deep.java <<'JAVA'
import java.nio.file.Path;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;

public class Deep {
    @Name("deep.Wait")
    static class Wait extends Event {
    }

    public static void main(String[] none) throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            call(20);
            recording.stop();
            recording.dump(Path.of("deep.jfr"));
        }
    }

    private static void call(int depth) {
        if (depth > 0) {
            call(depth - 1);
        } else {
            new Wait().commit();
        }
    }
}
JAVA
"$java/javac" -d . Deep.java && "$java/java" -cp . Deep 2> errors.txt || { cat errors.txt >&2; exit 1; }
stack() { # options: frames and the mark of the one event's stack
    "$java/jfr" print --json --events deep.Wait "$@" deep.jfr | python3 -c '
import json, sys
stack = json.load(sys.stdin)["recording"]["events"][0]["values"]["stackTrace"]
print(len(stack["frames"]), "frames, truncated", stack["truncated"])'
}
short=$(stack) whole=$(stack --stack-depth 2048)
text=$("$java/jfr" print --events deep.Wait deep.jfr | grep -c '^ *\.\.\.')
echo "expected: 22 frames, or that they are truncated"
echo "seen:     --json: $short; with --stack-depth 2048: $whole; \"...\" in the text: $text"
[[ $short == "5 frames, truncated False" && $whole == "22 frames, truncated False" && $text == 1 ]] || { echo "changed"; exit 1; }
