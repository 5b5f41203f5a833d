#!/usr/bin/env bash
# What:     strace -r together with -ff -o writes, into each process's own file, the time since the line before it in
#           whichever file that line went to. The steps of one file do not add up to that process's time.
# Version:  strace 6.1-0.1 (Debian 12).
# Surprise: -ff gives one file per process "for itself", and in a file read alone the first column looks like the time
#           between its lines. A process that slept 0.6 s shows steps of a few milliseconds, since others' lines came between.
# Who:      scripts that sum the column or look for its largest value per file ("which call stalled this process?").
# Instead:  absolute stamps (-ttt or --absolute-timestamps=unix,us) and subtraction in each file; -T for a call's own time.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download strace=6.1-0.1 >&2 || exit 2
dpkg -x strace_*.deb root
strace=root/usr/bin/strace
echo "version: $("$strace" -V | head -n 1)"

# The first process waits for the second, which writes a line every 0.1 s.
cat > busy.sh <<'SCRIPT'
for _ in 1 2 3 4 5 6; do sleep 0.1; done
SCRIPT
sum() { awk '{ s += $1 } END { printf "%d", s * 1000 }' "$1"; }
elapsed() { awk 'NR == 1 { first = $1 } { last = $1 } END { printf "%d", (last - first) * 1000 }' "$1"; }

"$strace" -f -ff -r -o steps -e trace=execve,clock_nanosleep,exit_group bash -c 'bash busy.sh & wait; exit 0'
"$strace" -f -ff -ttt -o stamps -e trace=execve,clock_nanosleep,exit_group bash -c 'bash busy.sh & wait; exit 0'
first() { printf '%s\n' "$1".* | sort -t . -k 2 -n | head -n 1; }
relative=$(sum "$(first steps)") absolute=$(elapsed "$(first stamps)")
echo "expected: the steps of the waiting process add up to more than 600 ms, as its stamps do"
echo "seen:     steps (-r) add up to $relative ms, stamps (-ttt) span $absolute ms"
((absolute >= 600 && relative < absolute / 2)) || { echo "changed"; exit 1; }
