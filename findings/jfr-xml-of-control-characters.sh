#!/usr/bin/env bash
# What:     jfr print --xml writes control characters of a text as they are. One escape sequence for a colour in a message, and the
#           whole file is no XML. With --json they are escaped.
# Version:  JDK 17 (Debian 12, openjdk-17-jdk-headless 17.0).
# Surprise: <, &, > and quotes are escaped with care, so one takes the output for well-formed whatever was recorded. XML 1.0
#           has no way to write U+001B at all, so that something would have to be left out.
# Who:      converters of recordings: texts come from requests, file names, logs of other programs.
# Instead:  --json; or remove these characters (tr -d '\000-\010\013\014\016-\037') before parsing.
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

cat > Texts.java <<'JAVA'
import java.nio.file.Path;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;

public class Texts {
    @Name("texts.Message")
    @StackTrace(false)
    static class Message extends Event {
        String text;
    }

    public static void main(String[] none) throws Exception {
        record("plain.jfr", "<a & \"b\">");
        record("coloured.jfr", "\u001b[31mred\u001b[0m");
    }

    private static void record(String file, String text) throws Exception {
        try (Recording recording = new Recording()) {
            recording.start();
            Message message = new Message();
            message.text = text;
            message.commit();
            recording.stop();
            recording.dump(Path.of(file));
        }
    }
}
JAVA
"$java/java" Texts.java 2> errors.txt || { cat errors.txt >&2; exit 1; }
for file in plain coloured; do
    for form in xml json; do
        "$java/jfr" print --$form --events texts.Message $file.jfr > $file.$form
    done
done
python3 - > seen.txt <<'PYTHON'
import json, xml.dom.minidom

for name in ("plain", "coloured"):
    try:
        xml.dom.minidom.parse(name + ".xml")
        valid = "well-formed"
    except Exception:
        valid = "not well-formed"
    text = json.load(open(name + ".json"))["recording"]["events"][0]["values"]["text"]
    print(f"{name}: XML {valid}, JSON {text!r}")
PYTHON
echo "expected: both well-formed"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
plain: XML well-formed, JSON '<a & "b">'
coloured: XML not well-formed, JSON '\x1b[31mred\x1b[0m'
SEEN
