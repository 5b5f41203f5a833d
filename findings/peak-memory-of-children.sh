#!/usr/bin/env bash
# What:     the peak memory (ru_maxrss) of a child, as wait4() and getrusage() tell it, is at least the peak of the process that
#           started it. /bin/true, which needs 1 MiB, has 300 MiB if a Python or Java program of 300 MiB starts it.
# Version:  Python 3.11 and GNU time 1.9 (Debian 12), OpenJDK 17; seen with Linux 6.18.
# Surprise: the child replaces its memory by exec before its first instruction, and VmHWM in /proc begins anew there. But the
#           kernel adds the peak of the memory that is left, which after vfork or posix_spawn is the parent's own, to the
#           process's maximum.
# Who:      harnesses that start benchmarks or compilers and note the memory from wait4 or RUSAGE_CHILDREN; a program that logs
#           its own getrusage() at its end. Two harnesses of different size disagree about the same program.
# Instead:  let a small process fork and measure, such as GNU time with -f %M; or read memory.peak of a cgroup.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Java and 1 GiB of memory.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

need() { # package, upstream version
    local found
    found=$(dpkg-query -W -f='${Version}' "$1" 2>/dev/null || true)
    if [[ $found != "$2"* ]]; then
        apt-get -qq install -y --no-install-recommends "$1" >&2 || exit 2
        found=$(dpkg-query -W -f='${Version}' "$1")
    fi
    echo "version: $1 $found"
    [[ $found == "$2"* ]] || exit 2
}
need python3 3.11.
need time 1.9-
echo "version: $(java -version 2>&1 | head -n 1)"

cat > large.py <<'PYTHON'
import os, subprocess

ballast = b"x" * (300 << 20)

def started(command):
    return os.wait4(subprocess.Popen(command).pid, 0)[2].ru_maxrss // 1024

print("Python, wait4 of /bin/true:", started(["/bin/true"]))
print("Python, wait4 of sh, with /bin/true below it:", started(["/bin/sh", "-c", "/bin/true; exit $?"]))
timed = subprocess.run(["/usr/bin/time", "-f", "%M", "/bin/true"], stderr=subprocess.PIPE, text=True)
print("Python, time -f %M /bin/true:", int(timed.stderr) // 1024)
PYTHON
cat > Large.java <<'JAVA'
import java.util.Arrays;

public class Large {
    public static void main(String[] none) throws Exception {
        byte[] ballast = new byte[300 << 20];
        Arrays.fill(ballast, (byte) 1);
        String self = "import resource; print('Java, the child of itself:', "
                + "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)";
        new ProcessBuilder("/usr/bin/python3", "-c", self).inheritIO().start().waitFor();
        System.exit(ballast[7] - 1);
    }
}
JAVA
{ /usr/bin/python3 large.py; java Large.java; } > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: 1 to 15 MiB each"
sed 's/^/seen:     /; s/$/ MiB/' seen.txt
sed -E 's/: [0-9]{1,2}$/: small/; s/: [0-9]{3}$/: large/' seen.txt > sizes.txt
cmp -s sizes.txt - <<'SEEN' || { echo "changed"; exit 1; }
Python, wait4 of /bin/true: large
Python, wait4 of sh, with /bin/true below it: large
Python, time -f %M /bin/true: small
Java, the child of itself: large
SEEN
