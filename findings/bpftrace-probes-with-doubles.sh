#!/usr/bin/env bash
# What:     a user-level probe (sys/sdt.h) one of whose arguments is a double cannot be read by bpftrace at all: the compiler
#           notes the argument as 8f@..., bpftrace takes this for a mistake, and the integers beside it are refused too.
# Version:  bpftrace 0.17.0-1 and systemtap-sdt-dev 4.8-2 (both Debian 12).
# Surprise: both follow one format, the header accepts the argument without a warning, and the probe is listed and can be
#           counted. One expects that the double's bits are shown, or that this one argument is missing.
# Who:      authors of probes that pass a ratio or seconds as double, and who find it out in production.
# Instead:  pass integers (nanoseconds, millionths) or a pointer to the double.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs root, BPF and a C compiler.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' bpftrace 2>/dev/null || true)
if [[ $found != 0.17.0-1 ]]; then
    apt-get -qq install -y --no-install-recommends bpftrace=0.17.0-1 >&2 || exit 2
fi
apt-get -qq -o APT::Sandbox::User=root download systemtap-sdt-dev=4.8-2 >&2 || exit 2
dpkg -x systemtap-sdt-dev_*.deb root
echo "version: $(bpftrace --version), systemtap-sdt-dev 4.8-2"

cat > probes.c <<'SOURCE'
#include <sys/sdt.h>

int main(int count, char **arguments)
{
    double seconds = count * 1.5;
    DTRACE_PROBE2(app, whole, count, count + 6);
    DTRACE_PROBE2(app, real, seconds, count + 6);
    (void) arguments;
    return 0;
}
SOURCE
cc -O1 -I"$(dirname "$(dirname "$(find root -name sdt.h)")")" -I"$(dirname "$(dirname "$(find root -name sdt-config.h)")")" \
    -o probes probes.c
read_second() { # probe: its second argument, an integer in both
    timeout 60 bpftrace -e "usdt:./probes:app:$1 { printf(\"value %d\\n\", arg1); }" -c ./probes > out.txt 2>&1 || true
    grep -oE "value [0-9]+|couldn't get argument [0-9]+" out.txt | head -n 1
}
noted=$(readelf -n probes | sed -nE 's/^ *Arguments: *//p' | paste -sd'|')
listed=$(bpftrace -l 'usdt:./probes:app:real' 2> /dev/null | wc -l)
whole=$(read_second whole) real=$(read_second real)
echo "expected: the second argument of both probes is 7"
echo "seen:     arguments noted by the compiler: $noted"
echo "          whole: $whole; real: $real, though listed ($listed)"
[[ $noted == *8f@* && $listed == 1 && $whole == "value 7" && $real == "couldn't get argument 1" ]] || { echo "changed"; exit 1; }
