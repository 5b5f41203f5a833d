#!/usr/bin/env bash
# What:     hyperfine takes the time of an empty shell off each run's time and makes the rest 0 where it is negative. Of a short
#           command most times in its JSON can be exactly 0, and so can the median, while the mean is not.
# Version:  hyperfine 1.15.0-2 (Debian 12).
# Surprise: the correction is an average, taken from single times. What is below it is cut off on one side, so the mean is too
#           great, and a ratio of two medians is 0 or infinite. The hint that results may be inaccurate is on the terminal only.
# Who:      those who compare short commands (starting a tool, a failing look-up) from --export-json.
# Instead:  -N, which runs the command without a shell.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs python3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download hyperfine=1.15.0-2 >&2 || exit 2
dpkg -x hyperfine_*.deb root
echo "version: $(root/usr/bin/hyperfine --version)"

root/usr/bin/hyperfine --runs 500 --export-json shell.json true > /dev/null 2> hint.txt
root/usr/bin/hyperfine --runs 500 -N --export-json direct.json true > /dev/null 2>> hint.txt
zeros() { python3 -c '
import json, sys
times = json.load(open(sys.argv[1]))["results"][0]["times"]
print(sum(time == 0 for time in times))' "$1"; }
shell=$(zeros shell.json) direct=$(zeros direct.json)
echo "expected: no process takes 0 s"
echo "seen:     of 500 times of \"true\" $shell are 0; with -N $direct are"
((shell > 50 && direct == 0)) || { echo "changed"; exit 1; }
