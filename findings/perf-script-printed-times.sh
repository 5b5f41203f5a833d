#!/usr/bin/env bash
# What:     perf script --time with times as perf script prints them leaves out the events at the end: --time ,T lacks the event
#           that was printed with T, and --time T,T finds nothing.
# Version:  linux-perf 6.1 (Debian 12).
# Surprise: the bounds are inclusive, and with nanoseconds (--ns) it works. Times are printed cut to microseconds, and the bound
#           is taken as that microsecond's first nanosecond; so the begin of a range is right and its end is one event short.
# Who:      those who cut a recording between two events that they saw, in perf script, perf report or perf sched timehist.
# Instead:  --ns when looking for the bounds, or 1 us more at the end.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs leave to record.
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
need linux-perf 6.1.

perf record -q -e task-clock -c 5000000 -o perf.data -- sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done' 2> errors.txt \
    || { cat errors.txt >&2; exit 1; }
times() { perf script -i perf.data -F time "$@" 2> errors.txt | tr -d ' :'; }
times > micro.txt
times --ns > nano.txt
count=$(wc -l < micro.txt)
[[ $count -ge 10 ]] || { echo "only $count samples"; exit 1; }
found() { # file of times: how many of its first 10 are found by --time T,T, and how many times ,T ends with that event
    local alone=0 upto=0 number=0 time
    while read -r time; do
        number=$((number + 1))
        [[ $(times --time "$time,$time" | wc -l) != 1 ]] || alone=$((alone + 1))
        [[ $(times --time ",$time" | wc -l) != "$number" ]] || upto=$((upto + 1))
    done < <(head -n 10 "$1")
    echo "T,T finds $alone of 10 events, ,T includes $upto"
}
micro=$(found micro.txt) nano=$(found nano.txt)
echo "expected: T,T finds 10 of 10 events, ,T includes 10"
echo "seen:     microseconds, $(head -n 1 micro.txt) and so on: $micro"
echo "seen:     nanoseconds, $(head -n 1 nano.txt) and so on: $nano"
[[ $micro =~ finds\ [012]\ of\ 10.*includes\ [012]$ && $nano == "T,T finds 10 of 10 events, ,T includes 10" ]] \
    || { echo "changed"; exit 1; }
