#!/usr/bin/env bash
# What:     two Java libraries for terminals measure texts otherwise than a terminal shows them, and than each other. For JLine
#           each control character takes one column away: "a<TAB>b" is 1 wide. For Lanterna a combining accent takes a column
#           of its own: e + U+0301 is 2 wide.
# Version:  org.jline:jline 3.28.0 and com.googlecode.lanterna:lanterna 3.1.3 (Maven Central).
# Surprise: both know that Chinese characters take two columns, so one trusts them with the rest. JLine's -1 for "not printable",
#           which C's wcwidth has too, is simply added; Lanterna knows of wide characters, and of none without a width.
# Who:      full-screen tools that pad names of files and processes to columns: the rest of the row is shifted, only for some names.
# Instead:  replace control characters first; normalize to NFC, which helps where a composed letter exists.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17 and Maven.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

for artifact in org.jline:jline:3.28.0 com.googlecode.lanterna:lanterna:3.1.3; do
    mvn -q -B dependency:copy -Dartifact=$artifact -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
done
echo "version: org.jline:jline 3.28.0, com.googlecode.lanterna:lanterna 3.1.3"

cat > Widths.java <<'JAVA'
import com.googlecode.lanterna.TerminalTextUtils;
import org.jline.utils.AttributedString;

public class Widths {
    public static void main(String[] none) {
        show("two Chinese characters", "\u4e2d\u6587", 4);
        show("a, TAB, b, at least", "a\tb", 2);
        show("a, three BEL, b", "a\u0007\u0007\u0007b", 2);
        show("e, combining acute", "e\u0301", 1);
        show("a, zero width space, b", "a\u200bb", 2);
    }

    private static void show(String name, String text, int columns) {
        System.out.println(name + ": " + columns + ", JLine " + new AttributedString(text).columnLength()
                + ", Lanterna " + TerminalTextUtils.getColumnWidth(text));
    }
}
JAVA
java -cp 'lib/*' Widths.java > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: the first figure, the number of columns on a terminal, from both"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
two Chinese characters: 4, JLine 4, Lanterna 4
a, TAB, b, at least: 2, JLine 1, Lanterna 6
a, three BEL, b: 2, JLine -1, Lanterna 5
e, combining acute: 1, JLine 1, Lanterna 2
a, zero width space, b: 2, JLine 2, Lanterna 3
SEEN
