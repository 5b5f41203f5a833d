#!/usr/bin/env bash
# What:     stress-ng --yaml writes the date as 2026:11:29 and the time as 10:50:23, unquoted. YAML 1.1 has numbers to the
#           base of 60 in this form: SnakeYAML and PyYAML read the date as 7294289 and the time as 39023.
# Version:  stress-ng 0.15.06-2 (Debian 12); org.yaml:snakeyaml 2.3 (Maven Central), js-yaml 4.1.0 (npm).
# Surprise: other texts of the same file are quoted, and js-yaml (YAML 1.2) gives strings: the file looks right in one
#           language and has integers in the next, without an error. At the first hour with a leading zero
#           (08:15:00) it is a string again, since 08 is no number there: the type depends on the time of day.
# Who:      those who store results of benchmark runs by date, or compare them across tools.
# Instead:  take epoch-secs of the same section.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download stress-ng=0.15.06-2 libipsec-mb1 libjudydebian1 libsctp1 >&2 || exit 2
for package in *.deb; do dpkg -x "$package" root; done
mvn -q -B dependency:copy -Dartifact=org.yaml:snakeyaml:2.3 -DoutputDirectory=. > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
npm install --silent --no-audit --no-fund --prefix . js-yaml@4.1.0 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
echo "version: stress-ng 0.15.06, snakeyaml 2.3, js-yaml 4.1.0"

libraries=$(find root -name 'lib*.so.*' -printf '%h\n' | sort -u | paste -sd:)
LD_LIBRARY_PATH=$libraries root/usr/bin/stress-ng --cpu 1 --cpu-ops 1 --yaml run.yaml > run.txt 2>&1 || { cat run.txt >&2; exit 1; }
# The hour of this run is what it is: look at one file in the same form with a fixed one too.
sed -E 's/^( *date-yyyy-mm-dd:).*/\1 2026:11:29/; s/^( *time-hh-mm-ss:).*/\1 10:50:23/' run.yaml > fixed.yaml
sed -E 's/10:50:23/08:50:23/' fixed.yaml > early.yaml

cat > Times.java <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

public class Times {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            Map<String, Map<String, Object>> run = new Yaml().load(Files.readString(Path.of(file)));
            for (String key : new String[] {"date-yyyy-mm-dd", "time-hh-mm-ss"}) {
                Object value = run.get("system-info").get(key);
                System.out.println("Java " + file + " " + key + " " + value.getClass().getSimpleName() + " " + value);
            }
        }
    }
}
JAVA
cat > times.js <<'JS'
const fs = require('fs');
for (const key of ['date-yyyy-mm-dd', 'time-hh-mm-ss']) {
  const value = require('js-yaml').load(fs.readFileSync('fixed.yaml', 'utf8'))['system-info'][key];
  console.log(`JS fixed.yaml ${key} ${typeof value} ${value}`);
}
JS
grep -E '(date-yyyy|time-hh)' run.yaml | sed 's/^ */written:  /'
{ java -cp snakeyaml-2.3.jar Times.java fixed.yaml early.yaml; node times.js; } > seen.txt
echo "expected: 2026:11:29 and 10:50:23 (08:50:23 in early.yaml) as texts"
sed 's/^/seen:     /' seen.txt
grep -qE '^ *date-yyyy-mm-dd: [0-9]{4}:[0-9]{2}:[0-9]{2}$' run.yaml && cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
Java fixed.yaml date-yyyy-mm-dd Integer 7294289
Java fixed.yaml time-hh-mm-ss Integer 39023
Java early.yaml date-yyyy-mm-dd Integer 7294289
Java early.yaml time-hh-mm-ss String 08:50:23
JS fixed.yaml date-yyyy-mm-dd string 2026:11:29
JS fixed.yaml time-hh-mm-ss string 10:50:23
SEEN
