#!/usr/bin/env bash
# What:     no text output of babeltrace carries a CTF floating-point field faithfully. The usual one (text.pretty, and
#           babeltrace 1) has six significant digits, 1234567.891 becoming 1.23457e+06; the detailed one (text.details) has six
#           digits after the point, so that 0.000000025 becomes 0.000000.
# Version:  babeltrace2 2.0.4-1 and babeltrace 1.5.11-1 (Debian 12).
# Surprise: integers are printed in full and times to the nanosecond. Two stamps in seconds as doubles look equal, small
#           durations look like zero, and which of the two is lost depends on the output chosen.
# Who:      tracers that record seconds, ratios or sizes as double, and those who compare traces by their text.
# Instead:  record integers in a small unit (ns, bytes); to read doubles, use the library (its Python bindings).
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
typealias floating_point { exp_dig = 11; mant_dig = 53; align = 8; } := f64;
trace { major = 1; minor = 8; byte_order = le; packet.header := struct { u32 magic; u32 stream_id; }; };
clock { name = c; freq = 1000000000; };
typealias integer { size = 64; align = 8; map = clock.c.value; } := stamp;
stream { id = 0; event.header := struct { u8 id; stamp timestamp; };
  packet.context := struct { u64 content_size; u64 packet_size; }; };
event { name = wait; id = 0; stream_id = 0; fields := struct { f64 begin; f64 length; }; };
""")
body = struct.pack("<BQdd", 0, 1000, 1234567.891, 0.000000025)
bits = (len(body) + 24) * 8
open("trace/stream", "wb").write(struct.pack("<IIQQ", 0xc1fc1fc1, 0, bits, bits) + body)
PYTHON

pretty() { "$1" trace | sed -E 's/.*\{ (begin.*) \}/\1/'; }
old=$(pretty babeltrace) new=$(pretty babeltrace2)
details=$(babeltrace2 trace --component=sink.text.details | sed -nE 's/^ *(begin|length): ([0-9].*)/\1 = \2/p')
details=${details/$'\n'/, }
echo "expected: begin = 1234567.891, length = 2.5e-08 (as far as a double goes) in every output"
echo "seen:     babeltrace 1              $old"
echo "          babeltrace2               $new"
echo "          babeltrace2 text.details  $details"
[[ $old == "begin = 1.23457e+06, length = 2.5e-08" && $new == "$old" \
    && $details == "begin = 1234567.891000, length = 0.000000" ]] || { echo "changed"; exit 1; }
