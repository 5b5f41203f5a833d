#!/usr/bin/env bash
# What:     perf data convert --to-json leaves out which event a sample is of, and its period. Of a recording of two events the
#           samples are one list, and nothing in it tells one kind from the other.
# Version:  linux-perf 6.1 (Debian 12).
# Surprise: perf script shows both for each sample, the recording has them, and the headers in the JSON do not name the events
#           but as words of the command line. A sample may stand for one page fault or for a millisecond.
# Who:      those who turn the JSON into flame graphs: the weights are lost even with one event, where periods vary (-F).
# Instead:  perf script -F event,period,...; or one recording for each event, with a fixed period (-c).
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had. Needs python3, and the right to record.
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

perf record -q -e cpu-clock/period=1000000/u -e page-faults/period=1/u -o perf.data -- \
    bash -c 'for ((i = 0; i < 50000; i++)); do :; done' > record.txt 2>&1 || { cat record.txt >&2; exit 1; }
perf script -i perf.data -F event,period 2> /dev/null | sort | uniq -c > recorded.txt
perf data convert --to-json perf.json -i perf.data > convert.txt 2>&1 || { cat convert.txt >&2; exit 1; }
python3 - > seen.txt <<'PYTHON'
import json

samples = json.load(open("perf.json"))["samples"]
fields = sorted({field for sample in samples for field in sample})
print(f"{len(samples)} samples with the fields {' '.join(fields)}")
PYTHON
sed 's/^ */recorded: /' recorded.txt
echo "expected: event and period among the fields of each sample"
sed 's/^/seen:     /' seen.txt
[[ $(wc -l < recorded.txt) == 2 ]] && grep -q 'timestamp' seen.txt && ! grep -qE 'event|period|weight' seen.txt \
    || { echo "changed"; exit 1; }
