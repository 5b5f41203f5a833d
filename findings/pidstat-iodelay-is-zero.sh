#!/usr/bin/env bash
# What:     the column iodelay of pidstat -d, how long a process waited for block devices, is 0 for all since Linux 5.14, unless
#           kernel.task_delayacct is switched on.
# Version:  sysstat 12.6.1-1 (Debian 12), on Linux 5.14 or later with the default setting.
# Surprise: kilobytes read and written in the same row are right, and nothing says that delays are not accounted. A row of zeros
#           reads as "does not wait for the disk" for a process that does nothing else.
# Who:      whoever asks which process waits for the disk, with advice older than the kernel.
# Instead:  sysctl kernel.task_delayacct=1 beforehand; or the D states of ps over time; or a trace.
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had, delays are accounted here, or the disk is too
#           fast to show a wait.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
child=
trap '[[ -z $child ]] || kill "$child" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download sysstat=12.6.1-1 libsensors5 >&2 || exit 2
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$work/root" -name 'libsensors.so.5')")
export LD_LIBRARY_PATH
setting=$(cat /proc/sys/kernel/task_delayacct 2> /dev/null || echo missing)
echo "version: sysstat 12.6.1-1, Linux $(uname -r), kernel.task_delayacct $setting"
[[ $setting == 0 ]] || exit 2

dd if=/dev/zero of=data bs=4k count=100000 oflag=dsync 2> dd.txt &
child=$!
before=$(awk '{ print $14 + $15 }' "/proc/$child/stat")
root/usr/bin/pidstat -d -p "$child" 2 1 > seen.txt
cpu=$(($(awk '{ print $14 + $15 }' "/proc/$child/stat") - before))
row=$(awk '/^Average/ && $NF == "dd"' seen.txt)
written=$(awk '{ print int($5) }' <<< "$row") delay=$(awk '{ print $7 }' <<< "$row")
echo "expected: most of the two seconds: dd waits for each of its writes"
echo "seen:     iodelay $delay, while dd wrote $written kB/s and had the CPU for $((cpu * 10)) ms"
((written > 0 && cpu < 100)) || { echo "no wait to be seen on this disk"; exit 2; }
[[ $delay == 0 ]] || { echo "changed"; exit 1; }
