#!/usr/bin/env bash
# What:     the loss counted in a stream's first packet (events_discarded) has no number in babeltrace2, which says "may
#           have discarded events". Copied by babeltrace2's own CTF writer (sink.ctf.fs) the count becomes 1: a trace that
#           lost 5000 events is, after the copy, one that lost a single event.
# Version:  babeltrace2 2.0.4-1, read back with babeltrace 1.5.11-1 (both Debian 12).
# Surprise: events_discarded counts since the stream began, so the first packet's value looks like a known loss. Babeltrace
#           takes it as a starting point only (the stream may be a cut piece), writes an unknown loss as 1, and the next
#           reader takes that for exact. Losses of later packets (differences) survive unharmed.
# Who:      those who trim, merge or convert traces and then judge them by their losses; scripts that grep "discarded N".
# Instead:  read losses from the original packets; a writer can begin each stream with a packet whose count is 0.
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

os.mkdir("trace")
open("trace/metadata", "w").write("""/* CTF 1.8 */
typealias integer { size = 8; align = 8; } := u8;
typealias integer { size = 32; align = 8; } := u32;
typealias integer { size = 64; align = 8; } := u64;
trace { major = 1; minor = 8; byte_order = le; packet.header := struct { u32 magic; u32 stream_id; }; };
clock { name = c; freq = 1000000000; };
typealias integer { size = 64; align = 8; map = clock.c.value; } := stamp;
stream { id = 0; event.header := struct { u8 id; stamp timestamp; };
  packet.context := struct { stamp timestamp_begin; stamp timestamp_end; u64 content_size; u64 packet_size;
    u64 events_discarded; }; };
event { name = tick; id = 0; stream_id = 0; fields := struct { u8 number; }; };
""")
with open("trace/stream", "wb") as stream:
    for begin, lost in ((1000, 5000), (2000, 5007)):
        body = struct.pack("<BQB", 0, begin + 1, 1)
        bits = (len(body) + 48) * 8
        stream.write(struct.pack("<IIQQQQQ", 0xc1fc1fc1, 0, begin, begin + 100, bits, bits, lost) + body)
PYTHON

losses() { # command: the figures in its warnings, "?" where there is none
    "$@" 2>&1 > /dev/null | sed -nE 's/.*may have discarded.*/?/p; s/.*[dD]iscarded ([0-9]+) event.*/\1/p' | tr '\n' ' '
}
original=$(losses babeltrace trace) new=$(losses babeltrace2 trace)
babeltrace2 trace --component=sink.ctf.fs --params='path="copy"' > /dev/null 2>&1
copied=$(losses babeltrace copy/trace)
echo "expected: 5000 then 7 lost, in every reader and in the copy"
echo "seen:     original in babeltrace 1: $original"
echo "          original in babeltrace2:  $new"
echo "          copy in babeltrace 1:     $copied"
[[ $original == "5000 7 " && $new == "? 7 " && $copied == "1 7 " ]] || { echo "changed"; exit 1; }
