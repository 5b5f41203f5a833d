#!/usr/bin/env bash
# What:     a lock taken the usual way in shell scripts, exec 9> FILE; flock 9, is listed by lslocks under the process id of the
#           flock command, which has ended long ago, as "(unknown)". The shell that holds it is not named.
# Version:  util-linux 2.38 (Debian 12).
# Surprise: the lock belongs to the open file, which the shell shares, and lslocks walks through all processes' files anyway. The
#           number may meanwhile be that of another process, which is then shown as the holder.
# Who:      those who ask lslocks who keeps a cron job or a package manager from running.
# Instead:  the lock: lines in /proc/PID/fdinfo of every process tell who has the file open; or fuser FILE.
# Exit:     0 still so, 1 behaves otherwise now, 2 the version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' util-linux)
echo "version: util-linux $found"
[[ $found == 2.38.* ]] || exit 2

exec 9> lock
flock 9
line=$(lslocks -n -r -o COMMAND,PID,INODE | awk -v inode="$(stat -c %i lock)" '$3 == inode')
known=$(grep -l '^lock:' /proc/$$/fdinfo/9 || true)
echo "expected: process $$, bash"
echo "seen:     $(awk '{ print "process " $2 ", " $1 }' <<< "$line")"
echo "          /proc/$$/fdinfo/9 tells of the lock: $([[ -n $known ]] && echo yes || echo no)"
pid=$(awk '{ print $2 }' <<< "$line")
[[ -n $pid && $pid != "$$" && -n $known ]] || { echo "changed"; exit 1; }
