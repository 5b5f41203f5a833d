#!/usr/bin/env bash
# What:     forkstat's column of exit values has the raw status of wait: exit 3 is 768, and a process killed by signal 9 has 9.
# Version:  forkstat 0.03.01 (Debian 12).
# Surprise: its manual calls the column the "process exit(2) value". Small numbers are signals, not exit values, so "exit ...
#           15" looks like a value of the program's own and is a SIGTERM, and an exit value of 15 is 3840.
# Who:      those who grep a log of processes for exit values, or count failures by value.
# Instead:  exit value = number / 256, signal = number % 128.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs root.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
logger=
trap '[[ -z $logger ]] || kill "$logger" 2>/dev/null || true; rm -rf "$work"' EXIT
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
need forkstat 0.03.01-

forkstat -s -D 3 -e exit > log.txt 2> errors.txt &
logger=$!
sleep 1
sh -c 'exit 3' & three=$!
wait "$three" || true
sh -c 'kill -9 $$' & killed=$!
wait "$killed" 2>/dev/null || true
sh -c 'exit 9' & nine=$!
wait "$nine" || true
wait "$logger" || { cat errors.txt >&2; exit 1; }
logger=
value() { awk -v process="$1" '$2 == "exit" && $3 == process { print $4 }' log.txt; }
seen="exit 3: $(value "$three"), kill -9: $(value "$killed"), exit 9: $(value "$nine")"
echo "expected: exit 3: 3, kill -9: 137 or a name, exit 9: 9"
echo "seen:     $seen"
[[ $seen == "exit 3: 768, kill -9: 9, exit 9: 2304" ]] || { echo "changed"; exit 1; }
