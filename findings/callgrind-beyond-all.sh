#!/usr/bin/env bash
# What:     in callgrind_annotate --inclusive=yes, recursive functions have more than the whole program: 200 % and more.
# Version:  valgrind 1:3.19.0 (Debian 12).
# Surprise: inclusive cost is what is spent in a function and below it, so it should be 100 % at most, and perf report
#           --children, gprof and flame graphs count each sample of a recursion once. Here the cost of each nested call is added
#           to that of its caller, so the deeper a recursion, the higher it ranks; the list is no longer led by main.
# Who:      those who look for the most expensive subtree in parsers, interpreters and tree walks.
# Instead:  the self costs; --separate-recs=N with N above the depth; or kcachegrind with its detection of cycles.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs a C compiler.
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
need valgrind 1:3.19.0-

cat > walk.c <<'SOURCE'
static volatile int work;

__attribute__((noinline)) static int walk(int depth)
{
    for (int i = 0; i < 1000; i++)
        work += i;
    return depth ? walk(depth - 1) + 1 : 0;
}

int main(void)
{
    return walk(99) - 99;
}
SOURCE
cc -O1 -fno-optimize-sibling-calls -o walk walk.c
valgrind --tool=callgrind --callgrind-out-file=profile.txt ./walk 2> log.txt || { cat log.txt >&2; exit 1; }
percent() { # options of callgrind_annotate; the share of the function walk in its list
    callgrind_annotate "$@" profile.txt | sed -nE "s/^ *[0-9,]+ \( *([0-9.]+)%\).*:walk.*/\1/p" | head -n 1
}
inclusive=$(percent --inclusive=yes) self=$(percent --inclusive=no)
echo "expected: walk and main have below 100 %"
echo "seen:     walk: self ${self}, inclusive ${inclusive} %"
awk -v inclusive="$inclusive" -v self="$self" 'BEGIN { exit !(inclusive > 1000 && self > 50 && self <= 100) }' \
    || { echo "changed"; exit 1; }
