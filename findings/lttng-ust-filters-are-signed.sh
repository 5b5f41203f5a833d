#!/usr/bin/env bash
# What:     filters of LTTng-UST compare unsigned fields as signed: size > 5 does not find 2^64 - 2, which is below 0 for a
#           filter.
# Version:  lttng-tools 2.13.9, liblttng-ust 2.13.5 (Debian 12), read by babeltrace2 2.0.4.
# Surprise: the field is declared as unsigned long, and readers print it as such. The filter is accepted; it drops the events at
#           the source, so the trace looks complete.
# Who:      those who look for huge lengths, addresses of the upper half, hashes, or a counter that ran below 0 into 2^64 - 1:
#           just the values that "size > LIMIT" is meant to catch.
# Instead:  size > 5 || size < 0, or no filter there and one in the reader.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs a C compiler.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
daemon=
trap '[[ -z $daemon ]] || { kill "$daemon" && wait "$daemon"; } 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

need() { # package, upstream version
    local found
    found=$(dpkg-query -W -f='${Version}' "$1" 2>/dev/null || true)
    if [[ $found != "$2"* ]]; then
        apt-get -qq install -y --no-install-recommends "$1" >&2 || exit 2
        found=$(dpkg-query -W -f='${Version}' "$1")
    fi
    echo "version: $1 $found"
    [[ $found == "$2"* ]] || exit 2
}
need lttng-tools 2.13.9-
need liblttng-ust-dev 2.13.5-
need babeltrace2 2.0.4-

cat > sizes.h <<'SOURCE'
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER sizes
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./sizes.h"
#if !defined(SIZES_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define SIZES_H
#include <lttng/tracepoint.h>
LTTNG_UST_TRACEPOINT_EVENT(sizes, read, LTTNG_UST_TP_ARGS(unsigned long, size),
    LTTNG_UST_TP_FIELDS(lttng_ust_field_integer(unsigned long, size, size)))
#endif
#include <lttng/tracepoint-event.h>
SOURCE
cat > sizes.c <<'SOURCE'
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include "sizes.h"

int main(void)
{
    lttng_ust_tracepoint(sizes, read, 3);
    lttng_ust_tracepoint(sizes, read, 10);
    lttng_ust_tracepoint(sizes, read, 1UL << 63);
    lttng_ust_tracepoint(sizes, read, -2UL);
    return 0;
}
SOURCE
cc -I. -o sizes sizes.c -llttng-ust -ldl

export LTTNG_HOME=$work
if ! pgrep -x lttng-sessiond > /dev/null; then
    lttng-sessiond --no-kernel > daemon.txt 2>&1 &
    daemon=$!
    for _ in {1..100}; do lttng -n list > /dev/null 2>&1 && break; sleep 0.1; done
fi

found() { # filter
    {
        lttng -n create "sizes-$$" -o "$work/trace"
        lttng -n enable-event -u sizes:read --filter "$1"
        lttng -n start
        LTTNG_UST_REGISTER_TIMEOUT=3000 ./sizes
        lttng -n stop
        lttng -n destroy
    } > log.txt 2>&1 || { cat log.txt >&2; exit 1; }
    echo "$1: $(babeltrace2 trace 2>/dev/null | sed -E 's/.*size = ([0-9]+).*/\1/' | tr '\n' ' ')" | sed 's| $||'
    rm -rf trace
}
for filter in 'size > 5' 'size < 5' 'size < 0' 'size == 18446744073709551614'; do found "$filter"; done > seen.txt
echo "expected: of 3, 10, 2^63 and 2^64 - 2: the last three, the first, none, the last"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
size > 5: 10
size < 5: 3 9223372036854775808 18446744073709551614
size < 0: 9223372036854775808 18446744073709551614
size == 18446744073709551614: 18446744073709551614
SEEN
