#!/usr/bin/env bash
# What:     of the delays that strace injects, delay_enter is part of the call's time in -T and -c -w, delay_exit is part
#           of neither: a mkdir() slowed by 200 ms on exit is printed "(DELAYED) <0.000016>".
# Version:  strace 6.1-0.1 (Debian 12).
# Surprise: the program is held up just as long in both cases, and the line is marked DELAYED in both.
# Who:      those who check a latency tool, a timeout or a dashboard against calls slowed by strace, taking strace's own
#           times as the truth.
# Instead:  delay_enter where the times are to show it, or take the difference of two lines' -ttt stamps.
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

# mkdir makes exactly one call of that name.
slowed() { # option for the delay: time by -T, by -c -w, and how long the command took, in ms
    local begin end
    rm -rf made
    begin=$(date +%s%N)
    "$strace" -T -o listing -e trace=mkdir -e inject=mkdir:"$1"=200000 mkdir made
    end=$(date +%s%N)
    rmdir made
    "$strace" -c -w -o summary -e trace=mkdir -e inject=mkdir:"$1"=200000 mkdir made
    grep -q DELAYED listing || { echo "changed: not delayed"; exit 1; }
    printf '%d %d %d' "$(sed -nE 's/.*<([0-9.]+)>$/\1/p' listing | awk '{ print int($1 * 1000) }')" \
        "$(awk '$NF == "mkdir" { print int($2 * 1000) }' summary)" $(((end - begin) / 1000000))
}
read -r listed summed real <<< "$(slowed delay_enter)"
echo "expected: a call delayed by 200 ms takes 200 ms or more in every figure"
echo "seen:     delay_enter: -T $listed ms, -c -w $summed ms, the whole command $real ms"
((listed >= 200 && summed >= 200 && real >= 200)) || { echo "changed"; exit 1; }
read -r listed summed real <<< "$(slowed delay_exit)"
echo "          delay_exit:  -T $listed ms, -c -w $summed ms, the whole command $real ms"
((listed < 100 && summed < 100 && real >= 200)) || { echo "changed"; exit 1; }
