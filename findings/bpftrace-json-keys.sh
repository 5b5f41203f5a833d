#!/usr/bin/env bash
# What:     bpftrace -f json joins the parts of a map's key by commas, without quoting them. Two entries whose parts differ can
#           have one name: ["x,y", "z"] and ["x", "y,z"] are both "x,y,z", twice in one JSON object.
# Version:  bpftrace 0.17.0-1 (Debian 12).
# Surprise: the file is valid JSON and all other texts in it are escaped, so one expects keys that lead back to their parts.
#           Readers keep one of the two entries without a word (json of Python and JSON.parse the last), and a count is lost.
# Who:      scripts around @[comm, str(path)] = count(): names of files and threads may have commas in them.
# Instead:  one part for each key, or printf of the parts; when reading, refuse objects with a name that occurs twice.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs root, BPF and python3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' bpftrace 2>/dev/null || true)
if [[ $found != 0.17.0-1 ]]; then
    apt-get -qq install -y --no-install-recommends bpftrace=0.17.0-1 >&2 || exit 2
fi
echo "version: $(bpftrace --version)"

bpftrace -f json -e 'BEGIN { @["x,y", "z"] = 1; @["x", "y,z"] = 2; exit(); }' > out.txt 2> errors.txt \
    || { cat errors.txt >&2; exit 1; }
grep '"map"' out.txt > map.json || { cat out.txt errors.txt >&2; exit 1; }
read_back=$(python3 -c 'import json; print(json.load(open("map.json"))["data"]["@"])')
echo "expected: two entries, 1 and 2"
echo "seen:     $(cat map.json)"
echo "          read by Python: $read_back"
[[ $(grep -o '"x,y,z"' map.json | wc -l) == 2 && $read_back == "{'x,y,z': "[12]"}" ]] || { echo "changed"; exit 1; }
