#!/usr/bin/env bash
# What:     psutil splits the command line of a process that has one argument only, its own name, at blanks: for "my app/serve all"
#           it gives three arguments. With one more argument behind it the name comes out whole.
# Version:  python3-psutil 5.9.4 (Debian 12), on Linux.
# Surprise: the kernel separates arguments by NULs, and that is what psutil does for all others. The split is meant for programs
#           that overwrite their arguments by a title; any program without arguments in a folder with a blank gets it too.
# Who:      those who find or restart processes by cmdline(): cmdline()[0] is a path that does not exist.
# Instead:  exe() for the program; /proc/PID/cmdline split at NULs for the arguments.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Python 3.11.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
children=()
trap '((${#children[@]} == 0)) || kill "${children[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

apt-get -qq -o APT::Sandbox::User=root download python3-psutil=5.9.4-1+b1 >&2 || exit 2
dpkg -x python3-psutil_*.deb root
echo "version: python3-psutil 5.9.4-1+b1"

mkdir "my app"
mkfifo never
exec 3<> never
cp "$(command -v cat)" "my app/serve all"
"my app/serve all" <&3 & children+=($!)
"my app/serve all" - <&3 & children+=($!)
for child in "${children[@]}"; do
    while [[ $(cat "/proc/$child/comm") != "serve all" ]]; do sleep 0.05; done
    PYTHONPATH=root/usr/lib/python3/dist-packages /usr/bin/python3 -c '
import psutil, sys
print(psutil.Process(int(sys.argv[1])).cmdline())' "$child"
done > seen.txt
echo "expected: 'my app/serve all' as one argument, alone and before '-'"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
['my', 'app/serve', 'all']
['my app/serve all', '-']
SEEN
