#!/usr/bin/env bash
# What:     OSHI's list of a process's arguments ends before the first empty one, and its list of threads lacks the first thread,
#           although the number of threads counts it.
# Version:  com.github.oshi:oshi-core 6.6.5 (Maven Central), on Linux.
# Surprise: an empty argument is ordinary (psql -c "", a shell variable that is not set), and the command line as one text does
#           have what follows. A process of one thread, which may be at 100 %, has an empty list of threads.
# Who:      those who tell processes apart by their options, or sum up CPU time and states by thread.
# Instead:  /proc/PID/cmdline, split at each NUL; for the first thread the process's own id in /proc/PID/task.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Java 17, Maven and python3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
child=
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

fetch() { # group:artifact:version, with what it depends on, into lib
    IFS=: read -r group artifact version <<< "$1"
    cat > pom.xml <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version>
  </dependency></dependencies></project>
POM
    mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
}
fetch com.github.oshi:oshi-core:6.6.5
echo "version: com.github.oshi:oshi-core 6.6.5"

cat > Show.java <<'JAVA'
import oshi.SystemInfo;
import oshi.software.os.OSProcess;

public class Show {
    public static void main(String[] pid) {
        OSProcess process = new SystemInfo().getOperatingSystem().getProcess(Integer.parseInt(pid[0]));
        System.out.println("arguments " + process.getArguments().subList(3, process.getArguments().size()));
        System.out.println("threads " + process.getThreadCount() + ", listed " + process.getThreadDetails().size()
                + ", the first among them: "
                + process.getThreadDetails().stream().anyMatch(thread -> thread.getThreadId() == process.getProcessID()));
    }
}
JAVA
python3 -c '
import threading, time
for _ in range(2): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
open("ready", "w").close()
time.sleep(60)' --name "" --limit 5 &
child=$!
while [[ ! -e ready ]]; do sleep 0.05; done
java -cp 'lib/*' Show.java "$child" > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: arguments [--name, , --limit, 5]; threads 3, listed 3, with the first"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
arguments [--name]
threads 3, listed 2, the first among them: false
SEEN
