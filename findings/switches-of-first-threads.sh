#!/usr/bin/env bash
# What:     pidstat -w, psutil and OSHI give the context switches of a process's first thread as those of the process. One whose
#           second thread sleeps and wakes hundreds of times a second has none.
# Version:  sysstat 12.6.1-1, python3-psutil 5.9.4 (Debian 12), com.github.oshi:oshi-core 6.6.5 (Maven Central).
# Surprise: the same tools sum up CPU time over all threads. /proc/PID/status is where the figure comes from, and there, other
#           than nearly all around it, it is the first thread's. Servers wait in other threads than the first as a rule.
# Who:      those who look for lock contention or chatty processes by their switches.
# Instead:  pidstat -w -t, and add up the threads; perf stat -e context-switches -p PID, as root.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java 17, Maven and Python 3.11.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
child=
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download sysstat=12.6.1-1 libsensors5 python3-psutil=5.9.4-1+b1 >&2 || exit 2
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$work/root" -name 'libsensors.so.5')")
export LD_LIBRARY_PATH
cat > pom.xml <<'POM'
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>x</groupId><artifactId>x</artifactId><version>1</version><dependencies><dependency>
    <groupId>com.github.oshi</groupId><artifactId>oshi-core</artifactId><version>6.6.5</version>
  </dependency></dependencies></project>
POM
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 2; }
echo "version: sysstat 12.6.1-1, python3-psutil 5.9.4-1+b1, com.github.oshi:oshi-core 6.6.5"

cat > sleeper.py <<'PYTHON'
import threading, time

def work():
    while True:
        time.sleep(0.002)

threading.Thread(target=work, daemon=True).start()
open("ready", "w").close()
time.sleep(120)
PYTHON
cat > Count.java <<'JAVA'
import oshi.SystemInfo;

public class Count {
    public static void main(String[] pid) throws InterruptedException {
        var system = new SystemInfo().getOperatingSystem();
        long before = system.getProcess(Integer.parseInt(pid[0])).getContextSwitches();
        Thread.sleep(2000);
        System.out.println("OSHI: " + (system.getProcess(Integer.parseInt(pid[0])).getContextSwitches() - before));
    }
}
JAVA
python3 sleeper.py &
child=$!
while [[ ! -e ready ]]; do sleep 0.05; done
sleep 0.5
pidstat=root/usr/bin/pidstat
{
    "$pidstat" -w -p "$child" 2 1 | awk '/^Average/ && $NF == "python3" { print "pidstat -w: " $4 * 2 + $5 * 2 }'
    PYTHONPATH=root/usr/lib/python3/dist-packages /usr/bin/python3 -c '
import psutil, sys, time
process = psutil.Process(int(sys.argv[1]))
before = sum(process.num_ctx_switches())
time.sleep(2)
print("psutil:", sum(process.num_ctx_switches()) - before)' "$child"
    java -cp 'lib/*' Count.java "$child" 2> /dev/null
} > seen.txt
threads=$("$pidstat" -w -t -p "$child" 2 1 | awk '/^Average/ && /[|]__/ { sum += $5 * 2 } END { printf "%.0f", sum }')
echo "expected: hundreds of switches within two seconds; pidstat -w -t counts $threads over the threads"
sed 's/^/seen:     /' seen.txt
((threads > 100)) && cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
pidstat -w: 0
psutil: 0
OSHI: 0
SEEN
