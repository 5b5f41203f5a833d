#!/usr/bin/env bash
# What:     strace -c counts every call whatever -z, -Z or -e status=... say. With -C the listing is filtered and the
#           summary below it is not, so that the two disagree.
# Version:  strace 6.1-0.1 (Debian 12).
# Surprise: -e trace=... does narrow the summary, so one expects the other filters to do the same. No warning is given.
# Who:      those who ask "which calls fail, how often, how long do they take" with -c -Z and read the totals of all calls.
# Instead:  read the errors column (count only), or write the filtered listing with -T and add it up.
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

# Eight calls of chdir: six succeed, two fail (bash may add its own).
mkdir there
cat > moves.sh <<'SCRIPT'
for _ in 1 2 3; do cd there; cd ..; done
cd missing
cd missing
SCRIPT
run() { "$strace" -o "$1" "${@:2}" bash moves.sh > /dev/null 2>&1 || true; }
calls() { awk '$NF == "chdir" { print $4 }' "$1"; }
lines() { grep -c '^chdir(' "$1" || true; }

run all -c -e trace=chdir
run failed -c -Z -e trace=chdir
run fine -c -z -e trace=chdir
run both -C -Z -e trace=chdir
echo "expected: -c -Z and -c -z split the $(calls all) calls of -c between them"
echo "seen:     -c -Z $(calls failed), -c -z $(calls fine); -C -Z lists $(lines both) and sums up $(calls both)"
if [[ $(calls failed) != "$(calls all)" || $(calls fine) != "$(calls all)" || $(calls both) != "$(calls all)" ]] \
    || (($(lines both) >= $(calls both))); then
    echo "changed"
    exit 1
fi
