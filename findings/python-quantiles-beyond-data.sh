#!/usr/bin/env bash
# What:     statistics.quantiles of Python's library gives percentiles outside the data by default: of four waits 0, 0, 0 and 100 ms
#           the 99th is 195 ms, and of 10 and 100 ms the first is -77.3 ms.
# Version:  python3.11 3.11.2 (Debian 12).
# Surprise: other tools (NumPy, spreadsheets, R) interpolate within the data. The default method takes the data for a sample
#           and goes on in a straight line beyond both ends, where waits, never negative, cannot be.
# Who:      scripts that report p99 of some dozens of runs: it is above the maximum beside it for fewer than 99 values.
# Instead:  method="inclusive".
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' python3.11 2>/dev/null || true)
if [[ $found != 3.11.2* ]]; then
    apt-get -qq install -y --no-install-recommends python3.11 >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' python3.11)
fi
echo "version: python3.11 $found"
[[ $found == 3.11.2* ]] || exit 2

/usr/bin/python3.11 - > seen.txt <<'PYTHON'
import statistics

for waits in ([0, 0, 0, 100], [10, 100]):
    for method in ("exclusive", "inclusive"):
        percentiles = statistics.quantiles(waits, n=100, method=method)
        print(f"{waits} {method}: p1 {percentiles[0]:.1f}, p99 {percentiles[98]:.1f}")
PYTHON
echo "expected: between the least and the greatest wait"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
[0, 0, 0, 100] exclusive: p1 0.0, p99 195.0
[0, 0, 0, 100] inclusive: p1 0.0, p99 97.0
[10, 100] exclusive: p1 -77.3, p99 187.3
[10, 100] inclusive: p1 10.9, p99 99.1
SEEN
