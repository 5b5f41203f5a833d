#!/usr/bin/env bash
# What:     bpftrace -c 'sleep 1' refuses to start on Debian: "must refer to a unique binary but matched 2 binaries". The PATH has
#           /usr/bin and /bin, which are one folder, and each counts.
# Version:  bpftrace 0.17.0-1 (Debian 12, with the PATH that a login has there).
# Surprise: shells, env, strace and perf take the first match in the PATH. The message suggests that a second program of this
#           name is installed.
# Who:      anyone who tries an example from the manual.
# Instead:  the whole path: -c '/usr/bin/sleep 1'.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had, or /bin is a folder of its own. Needs root
#           and BPF.
set -euo pipefail
export LC_ALL=C
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

[[ /bin -ef /usr/bin ]] || exit 2
found=$(dpkg-query -W -f='${Version}' bpftrace 2>/dev/null || true)
if [[ $found != 0.17.0-1 ]]; then
    apt-get -qq install -y --no-install-recommends bpftrace=0.17.0-1 >&2 || exit 2
fi
echo "version: $(bpftrace --version)"

run() { # the command: how bpftrace ended, and its last line
    local status=0
    bpftrace -c "$1" -e 'BEGIN { printf("started\n"); }' > out.txt 2>&1 || status=$?
    echo "status $status, $(grep -E 'started|ERROR: Failed' out.txt)"
}
name=$(run 'sleep 0.1') path=$(run '/usr/bin/sleep 0.1')
echo "expected: both start the same program"
echo "seen:     sleep 0.1: $name"
echo "          /usr/bin/sleep 0.1: $path"
[[ $name == *"matched 2 binaries" && $name != "status 0"* && $path == "status 0, started" ]] || { echo "changed"; exit 1; }
