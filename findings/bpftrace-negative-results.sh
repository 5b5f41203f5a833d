#!/usr/bin/env bash
# What:     bpftrace prints a function's result of -5 as -5 and says that it is not below 0: retval, arg0 and the arguments of
#           user-level probes are unsigned when compared, whatever the function's type. A filter /retval < 0/ lets nothing through.
# Version:  bpftrace 0.17.0-1 and systemtap-sdt-dev 4.8-2 (both Debian 12).
# Surprise: printf shows the sign, and comparing a signed with an unsigned variable gets a warning elsewhere; here there is none.
#           "No call failed" and "the filter cannot be true" look the same.
# Who:      those who count the errors of a function: uretprobe:...:connect /retval < 0/.
# Instead:  cast to the function's own type: (int32)retval < 0.
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

cat > results.c <<'SOURCE'
#include <sys/sdt.h>

__attribute__((noinline)) int subtract(int from)
{
    __asm__ volatile("");
    return from - 10;
}

int main(int count, char **arguments)
{
    int result = subtract(count * 5);
    (void) arguments;
    DTRACE_PROBE1(app, result, result);
    return 0;
}
SOURCE
cc -O1 -fno-inline -I"$(dirname "$(dirname "$(find root -name sdt.h)")")" \
    -I"$(dirname "$(dirname "$(find root -name sdt-config.h)")")" -o results results.c
cat > results.bt <<'SCRIPT'
uretprobe:./results:subtract
{
    printf("retval is %d, below 0: %d, with a cast: %d\n", retval, retval < 0, (int32)retval < 0);
}
usdt:./results:app:result
{
    printf("arg0 is %d, below 0: %d, with a cast: %d\n", arg0, arg0 < 0, (int32)arg0 < 0);
}
SCRIPT
bpftrace -c ./results results.bt > out.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
grep ' is ' out.txt > seen.txt || true
echo "expected: -5 is below 0, with and without a cast; or a warning: $(grep -ci warning errors.txt || true)"
sed 's/^/seen:     /' seen.txt
! grep -qi warning errors.txt && cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
retval is -5, below 0: 0, with a cast: 1
arg0 is -5, below 0: 0, with a cast: 1
SEEN
