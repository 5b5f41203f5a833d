#!/usr/bin/env bash
# What:     a table that sqlite3's .import makes of a CSV file has texts in all columns. In it 999 > 1000 holds, the maximum of
#           999 and 1000000 is 999, and 20 comes between them; sum() is right.
# Version:  sqlite3 3.40.1-2 (Debian 12).
# Surprise: SQLite has no fixed types and compares what looks like a number with a number elsewhere; sums and averages of the same
#           column are right, so that nothing else is suspected. No warning is given.
# Who:      those who look for the longest waits in an exported table: where ns > 1000000 order by ns desc limit 10.
# Instead:  create table with INTEGER columns first, then .import --skip 1; or order by ns + 0.
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' sqlite3 2>/dev/null || true)
if [[ $found != 3.40.1-2* ]]; then
    apt-get -qq install -y --no-install-recommends sqlite3 >&2 || exit 2
    found=$(dpkg-query -W -f='${Version}' sqlite3)
fi
echo "version: sqlite3 $found"
[[ $found == 3.40.1-2* ]] || exit 2

printf 'name,ns\na,999\nb,1000000\nc,20\n' > waits.csv
ask() { sqlite3 -cmd '.import --csv waits.csv waits' :memory: "$1" | paste -sd' '; }
{
    echo "more than 1000: $(ask 'select ns from waits where ns > 1000 order by name')"
    echo "longest first: $(ask 'select ns from waits order by ns desc')"
    echo "maximum and sum: $(ask 'select max(ns), sum(ns) from waits')"
} > seen.txt
echo "expected: 1000000; 1000000 999 20; 1000000 and 1001019"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
more than 1000: 999 1000000 20
longest first: 999 20 1000000
maximum and sum: 999|1001019
SEEN
