#!/usr/bin/env bash
# What:     Debian's awk (mawk) prints a sum of 3 seconds in nanoseconds as 3e+09, and with printf "%d" as 2147483647; BusyBox's awk
#           prints it right, and with "%d" -2147483648. Only gawk is right in both.
# Version:  mawk 1.3.4.20200120-3.1, gawk 1:5.2.1-2, busybox 1:1.35.0 (Debian 12).
# Surprise: all three compute with doubles, exact up to 2^53 (104 days in nanoseconds). It is the printing that differs, and "%d",
#           the usual advice against 3e+09, makes it worse: a figure that looks exact and is not.
# Who:      scripts that add up waits or subtract time stamps, once a sum is above 2.147 s; those written with gawk, run elsewhere.
# Instead:  printf "%.0f".
# Exit:     0 still so, 1 behaves otherwise now, 2 a version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download mawk=1.3.4.20200120-3.1 gawk=1:5.2.1-2 libsigsegv2 busybox >&2 || exit 2
for package in *.deb; do dpkg -x "$package" root; done
[[ $(dpkg-deb -f busybox_*.deb Version) == 1:1.35.0-* ]] || exit 2
echo "version: mawk 1.3.4.20200120-3.1, gawk 1:5.2.1-2, busybox $(dpkg-deb -f busybox_*.deb Version)"
LD_LIBRARY_PATH=$(dirname "$(find "$work/root" -name 'libsigsegv.so.2')")
export LD_LIBRARY_PATH

program='{ sum += $1 } END { print sum; printf "%d\n", sum; printf "%.0f\n", sum }'
for awk in root/usr/bin/mawk root/usr/bin/gawk "root/bin/busybox awk"; do
    echo "${awk##*/}: $(printf '1500000000\n1500000000\n' | $awk "$program" | paste -sd' ')"
done > seen.txt
echo "expected: 3000000000 from all, three times"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
mawk: 3e+09 2147483647 3000000000
gawk: 3000000000 3000000000 3000000000
busybox awk: 3000000000 -2147483648 3000000000
SEEN
