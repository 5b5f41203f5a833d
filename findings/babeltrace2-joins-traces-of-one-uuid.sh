#!/usr/bin/env bash
# What:     babeltrace2 takes files of different trace directories for pieces of one data stream when the traces' UUID
#           and the packets' stream_instance_id agree. A packet with the same begin and end stamps as one already known
#           is left out without a word (exit status 0); packets that overlap end the reading with an error.
# Version:  babeltrace2 2.0.4-1 (Debian 12). babeltrace 1.5.11-1 shows every event of both.
# Surprise: the directories are named apart on the command line, and nothing says that they are joined. It is meant for
#           rotated pieces and overlapping snapshots of a session; the contents are not compared.
# Who:      writers of tracers that print a constant UUID in their metadata: runs of several hosts, containers or tests
#           opened together then lose events; users who open a trace beside an edited or filtered copy of it.
# Instead:  a random UUID for each recording; none at all is better than a constant one.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
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
need babeltrace2 2.0.4-1
need babeltrace 1.5.11-1

python3 - <<'PYTHON'
import os, struct

METADATA = """/* CTF 1.8 */
typealias integer { size = 8; align = 8; } := u8;
typealias integer { size = 32; align = 8; } := u32;
typealias integer { size = 64; align = 8; } := u64;
trace { major = 1; minor = 8; byte_order = le; %s
  packet.header := struct { u32 magic; u32 stream_id; u64 stream_instance_id; }; };
clock { name = c; freq = 1000000000; };
typealias integer { size = 64; align = 8; map = clock.c.value; } := stamp;
stream { id = 0; event.header := struct { u8 id; stamp timestamp; };
  packet.context := struct { stamp timestamp_begin; stamp timestamp_end; u64 content_size; u64 packet_size; }; };
event { name = at; id = 0; stream_id = 0; fields := struct { string host; }; };
"""

def trace(folder, uuid, begin, host):
    os.makedirs(folder)
    open(folder + "/metadata", "w").write(METADATA % uuid)
    body = struct.pack("<BQ", 0, begin + 1) + host + b"\0"
    bits = (len(body) + 48) * 8
    open(folder + "/stream", "wb").write(
        struct.pack("<IIQQQQQ", 0xc1fc1fc1, 0, 0, begin, begin + 100, bits, bits) + body)

SAME = 'uuid = "0b0e6a32-8a4d-4d0a-9a3c-5f1d2c3b4a59";'
for kind, uuid, later in (("equal", SAME, 0), ("overlap", SAME, 50), ("none", "", 0)):
    trace(kind + "/one", uuid, 1000, b"one")
    trace(kind + "/two", uuid, 1000 + later, b"two")
PYTHON

count() { # reader, case: how many of the two events are shown, and how the reader ended
    local status=0
    "$1" "$2/one" "$2/two" > shown 2> complaints || status=$?
    echo "$(grep -c 'host = ' shown || true) events, status $status"
}
old=$(count babeltrace equal) equal=$(count babeltrace2 equal) overlap=$(count babeltrace2 overlap)
none=$(count babeltrace2 none)
echo "expected: two traces of one event each give 2 events"
echo "seen:     babeltrace 1, same UUID:                    $old"
echo "          babeltrace2, same UUID, same packet stamps: $equal"
echo "          babeltrace2, same UUID, packets overlap:    $overlap"
echo "          babeltrace2, no UUID:                       $none"
[[ $old == "2 events, status 0" && $equal == "1 events, status 0" && $overlap == *"status 1" \
    && $none == "2 events, status 0" ]] || { echo "changed"; exit 1; }
