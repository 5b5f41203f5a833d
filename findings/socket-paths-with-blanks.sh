#!/usr/bin/env bash
# What:     lsof and netstat cut the path of a Unix socket at its first blank; ss prints it whole. "run/my app.sock" and
#           "run/my db.sock" are both "run/my" in lsof, also in its output for programs (-F).
# Version:  lsof 4.95.0-1, net-tools 2.10-0.1, iproute2 6.1.0-3 (Debian 12).
# Surprise: lsof prints the paths of ordinary files with blanks in full, and has escapes for odd characters, so the short path
#           looks like a complete one. ss does not quote, so its columns must be read from the right.
# Who:      those who find a process's peer by the socket's path, from text: desktop programs have such paths.
# Instead:  match by inode (ss -xe, the inode columns of lsof and netstat), and take the path from ss.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Python 3.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
listener=
trap '[[ -z $listener ]] || kill "$listener" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

need() { # package, upstream and Debian revision
    local found
    found=$(dpkg-query -W -f='${Version}' "$1" 2>/dev/null || true)
    if [[ $found != "$2"* ]]; then
        apt-get -qq install -y --no-install-recommends "$1" >&2 || exit 2
        found=$(dpkg-query -W -f='${Version}' "$1")
    fi
    echo "version: $1 $found"
    [[ $found == "$2"* ]] || exit 2
}
need lsof 4.95.0-1
need net-tools 2.10-0.1
need iproute2 6.1.0-3

cat > listen.py <<'PYTHON'
import socket, time

sockets = []
for path in ("my app.sock", "my db.sock"):
    sockets.append(socket.socket(socket.AF_UNIX))
    sockets[-1].bind(path)
    sockets[-1].listen()
file = open("my file", "w")
open("ready", "w").close()
time.sleep(60)
PYTHON
python3 listen.py &
listener=$!
for _ in {1..100}; do [[ ! -e ready ]] || break; sleep 0.1; done

inodes=$(lsof -a -p "$listener" -U -F i 2>/dev/null | sed -n 's/^i//p')
all() { tr '\n' ',' | sed 's/,$//'; }
by_inode() { grep -wF "$inodes"; }
from_lsof=$(lsof -a -p "$listener" -U -F n 2>/dev/null | sed -nE 's/^n(.*) type=STREAM.*/\1/p' | sort | all)
from_file=$(lsof -a -p "$listener" -F n 2>/dev/null | sed -nE 's|^n.*/(my.*)|\1|p' | all)
from_netstat=$(netstat -xl 2>/dev/null | by_inode | sed -E 's/.* [0-9]+ +//' | sort | all)
from_ss=$(ss -xl | by_inode | grep -oE 'my [a-z]+\.sock' | sort | all)
echo "expected: my app.sock,my db.sock from each of the three"
echo "seen:     lsof     $from_lsof (and the ordinary file: $from_file)"
echo "          netstat  $from_netstat"
echo "          ss       $from_ss"
[[ $from_lsof == "my,my" && $from_file == "my file" && $from_netstat == "my,my" \
    && $from_ss == "my app.sock,my db.sock" ]] || { echo "changed"; exit 1; }
