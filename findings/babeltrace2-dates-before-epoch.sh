#!/usr/bin/env bash
# What:     babeltrace2 prints times before the clock's origin without their sign, except the first. The first one falls
#           back to seconds with a warning; those after it appear as ordinary times of day, mirrored around 1970, so that
#           they run backwards. --clock-seconds prints all of them rightly.
# Version:  babeltrace2 2.0.4-1 (Debian 12).
# Surprise: one warning, then plausible wrong times, in the default format too. Also: a clock's `offset_s` may be
#           negative, its `offset` may not (an error), and babeltrace 1.5.11 refuses both.
# Who:      tracers that stamp relative to a trigger ("5 s before the crash"), or subtract boot time with an offset that
#           is a little too large; whoever sorts or subtracts the printed times.
# Instead:  babeltrace2 --clock-seconds (or --clock-cycles); in a writer, keep stamps at or after the origin.
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
trace { major = 1; minor = 8; byte_order = le; packet.header := struct { u32 magic; u32 stream_id; }; };
clock { name = c; freq = 1000000000; %s };
typealias integer { size = 64; align = 8; map = clock.c.value; } := stamp;
stream { id = 0; event.header := struct { u8 id; stamp timestamp; };
  packet.context := struct { u64 content_size; u64 packet_size; }; };
event { name = tick; id = 0; stream_id = 0; fields := struct { u8 number; }; };
"""
body = b"".join(struct.pack("<BQB", 0, second * 10**9, second) for second in (1, 2, 3))
bits = (len(body) + 24) * 8
for folder, offset in (("seconds", "offset_s = -10;"), ("cycles", "offset = -10000000000;")):
    os.mkdir(folder)
    open(folder + "/metadata", "w").write(METADATA % offset)
    open(folder + "/stream", "wb").write(struct.pack("<IIQQ", 0xc1fc1fc1, 0, bits, bits) + body)
PYTHON

stamps() { sed 's/ (.*//' | tr '\n' ' '; }
dates=$(babeltrace2 --clock-gmt --clock-date seconds 2>/dev/null | stamps)
plain=$(babeltrace2 --clock-gmt seconds 2>/dev/null | stamps)
seconds=$(babeltrace2 --clock-seconds seconds | stamps)
accepts() { "$@" > /dev/null 2>&1 && echo accepted || echo refused; }
refusals="$(accepts babeltrace2 seconds) $(accepts babeltrace2 cycles) $(accepts babeltrace seconds) $(accepts babeltrace cycles)"
echo "expected: three rising times from 23:59:51 on 1969-12-31 (or seconds with a sign for all)"
echo "seen:     --clock-date      $dates"
echo "          default           $plain"
echo "          --clock-seconds   $seconds"
echo "          offset_s = -n, offset = -n in babeltrace2, then in babeltrace 1: $refusals"
[[ $dates == "[-9.000000000] [1970-01-01 00:00:08.000000000] [1970-01-01 00:00:07.000000000] "
    && $plain == "[-9.000000000] [00:00:08.000000000] [00:00:07.000000000] "
    && $seconds == "[-9.000000000] [-8.000000000] [-7.000000000] "
    && $refusals == "accepted refused refused refused" ]] || { echo "changed"; exit 1; }
