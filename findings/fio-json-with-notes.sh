#!/usr/bin/env bash
# What:     fio --output-format=json writes its notes to the standard output, before the JSON: with the default engine and an
#           --iodepth above 1 what it prints is no JSON.
# Version:  fio 3.33-3 (Debian 12).
# Surprise: the option is for programs, and there is a standard error, which stays empty. The same job with a depth of 1 is
#           fine, so the script that reads it breaks with a parameter of the benchmark. Status 0 in both cases.
# Who:      those who pipe fio into jq, or run it as a child process.
# Instead:  --output=FILE, which gets the JSON only.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs python3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' fio 2>/dev/null || true)
if [[ $found != 3.33-3 ]]; then
    apt-get -qq install -y --no-install-recommends fio=3.33-3 >&2 || exit 2
fi
echo "version: $(fio --version)"

job=(--name=read --rw=read --size=1M --bs=4k --filename=data --output-format=json)
valid() { if python3 -c 'import json, sys; json.load(sys.stdin)' < "$1" 2> /dev/null; then echo yes; else echo no; fi; }
fio "${job[@]}" --iodepth=1 > shallow.json 2> errors.txt
fio "${job[@]}" --iodepth=8 > deep.json 2>> errors.txt
fio "${job[@]}" --iodepth=8 --output=file.json > printed.txt 2>> errors.txt
echo "expected: valid JSON from all"
echo "seen:     depth 1: $(valid shallow.json); depth 8: $(valid deep.json), begins with \"$(head -n 1 deep.json)\""
echo "          depth 8 with --output: $(valid file.json); on standard error: $(wc -c < errors.txt) bytes"
[[ $(valid shallow.json) == yes && $(valid deep.json) == no && $(valid file.json) == yes && ! -s errors.txt ]] \
    || { echo "changed"; exit 1; }
