#!/usr/bin/env bash
# What:     perf stat counts no context switches and no migrations for who may not look into the kernel: with the usual
#           perf_event_paranoid of 2 it adds :u to each event, and context-switches:u is 0 for any program.
# Version:  linux-perf 6.1 (Debian 12).
# Surprise: page-faults:u and task-clock:u beside it are right, or nearly so. A switch happens within the kernel, so that there is
#           none "in user mode"; the answer is 0 and not "not supported", and the status is 0.
# Who:      users without rights who ask whether their program waits: perf stat says that it never does.
# Instead:  /usr/bin/time -v, or getrusage (nvcsw, nivcsw).
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had. Needs the right to count.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' linux-perf 2>/dev/null || true)
if [[ $found != 6.1.* ]]; then
    apt-get -qq install -y --no-install-recommends linux-perf >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' linux-perf)
fi
echo "version: linux-perf $found"
[[ $found == 6.1.* ]] || exit 2

cat > sleeps.sh <<'SCRIPT'
for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 0.01; done
SCRIPT
count() { # event, command: its figure
    perf stat -x, -o counts.csv -e "$1" -- "${@:2}" 2> errors.txt || { cat errors.txt >&2; exit 1; }
    awk -F, '/switches|faults/ { print $1 }' counts.csv
}
user=$(count context-switches:u bash sleeps.sh)
faults=$(count page-faults:u bash sleeps.sh)
echo "expected: 10 or more context switches (there are ten sleeps), or that they cannot be counted"
echo "seen:     context-switches:u $user, page-faults:u $faults"
if [[ $(id -u) == 0 && $(cat /proc/sys/kernel/perf_event_paranoid) == 2 ]]; then
    chmod 755 . && chmod 644 sleeps.sh
    plain=$(setpriv --reuid=65534 --regid=65534 --clear-groups perf stat -x, -e context-switches -- bash sleeps.sh 2>&1 \
        | grep -oE '^[0-9]+,,context-switches(:u)?')
    echo "          without rights, -e context-switches: $plain"
    [[ $plain == "0,,context-switches:u" ]] || { echo "changed"; exit 1; }
    echo "          as root: $(count context-switches bash sleeps.sh)"
fi
[[ $user == 0 && $faults -gt 100 ]] || { echo "changed"; exit 1; }
