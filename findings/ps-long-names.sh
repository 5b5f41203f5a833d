#!/usr/bin/env bash
# What:     ps -C compares the first 15 characters of a name only: ps -C payment-service-eu finds payment-service-us. pgrep, of the
#           same package, refuses a name longer than that with a warning and finds nothing.
# Version:  procps 2:4.0.2-3 (Debian 12).
# Surprise: the kernel keeps 15 characters, so that a longer name can match no process exactly. ps cuts what is asked for as
#           well, without a word, and answers with status 0 for a process of another name.
# Who:      scripts that ask "is it running?" or collect process ids with ps -C.
# Instead:  compare the whole name in ps -eo pid,args or /proc/PID/exe.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
child=
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download procps=2:4.0.2-3 libproc2-0=2:4.0.2-3 >&2 || exit 2
for package in *.deb; do dpkg -x "$package" root; done
echo "version: procps 2:4.0.2-3"
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(dirname "$(find "$work/root" -name 'libproc2.so.0')")
ps=$(find "$work/root" -path '*bin/ps') pgrep=$(find "$work/root" -path '*bin/pgrep')

cp "$(command -v sleep)" payment-service-us
./payment-service-us 30 & child=$!
while [[ $(cat "/proc/$child/comm") != payment-service ]]; do sleep 0.05; done
found=$("$ps" -C payment-service-eu -o args= || true)
shorter=$("$ps" -C payment-servic -o args= || true)
status=0
"$pgrep" payment-service-eu > pgrep.txt 2>&1 || status=$?
echo "expected: payment-service-eu is not running"
echo "seen:     ps -C payment-service-eu: ${found:-none}; ps -C payment-servic: ${shorter:-none}"
echo "          pgrep payment-service-eu: status $status, $(head -n 1 pgrep.txt)"
[[ $found == "./payment-service-us 30" && -z $shorter && $status == 1 ]] && grep -q 'longer than 15 characters' pgrep.txt \
    || { echo "changed"; exit 1; }
