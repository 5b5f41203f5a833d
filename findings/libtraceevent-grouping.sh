#!/usr/bin/env bash
# What:     libtraceevent groups equal operators of a tracepoint's print format from the right: 10 - 3 - 2 is 9 and
#           100 / 5 / 2 is 50. A chained condition, a ? x : b ? y : z, comes out as z when a is true.
# Version:  libtraceevent 1.7.1 (Debian 12), the parser under trace-cmd and kernelshark.
# Surprise: print formats are C, and precedence between different operators (2 + 3 * 4) is right, so one trusts the rest.
#           No warning is given; the kernel's own trace file has the right figure for the same event.
# Who:      authors of tracepoints that print "end - begin - overhead" or pick one of three words, and those who read them
#           with trace-cmd instead of the kernel's text.
# Instead:  parentheses around each pair; for words, __print_symbolic.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs a C compiler.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

version=1:1.7.1-1
apt-get -qq -o APT::Sandbox::User=root download "libtraceevent1=$version" "libtraceevent-dev=$version" >&2 || exit 2
for package in *.deb; do dpkg -x "$package" root; done
echo "version: libtraceevent $version"
library=$(dirname "$(find root -name libtraceevent.so.1)")

cat > show.c <<'SOURCE'
#include <event-parse.h>
#include <stdio.h>
#include <string.h>

/* One event with the unsigned 64-bit fields ten, three, two and one, printed by the format given. */
int main(int count, char **arguments)
{
    struct { unsigned short type; char flags, preempt; int pid; unsigned long ten, three, two, one; } event =
        { .type = 1, .pid = 42, .ten = 10, .three = 3, .two = 2, .one = 1 };
    char text[2048];
    struct tep_handle *handle = tep_alloc();
    struct tep_record record = { .data = &event, .size = sizeof event };
    struct trace_seq out;
    snprintf(text, sizeof text,
        "name: probe\nID: 1\nformat:\n"
        "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
        "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
        "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
        "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
        "\tfield:unsigned long ten;\toffset:8;\tsize:8;\tsigned:0;\n"
        "\tfield:unsigned long three;\toffset:16;\tsize:8;\tsigned:0;\n"
        "\tfield:unsigned long two;\toffset:24;\tsize:8;\tsigned:0;\n"
        "\tfield:unsigned long one;\toffset:32;\tsize:8;\tsigned:0;\n\n"
        "print fmt: %s\n", count > 1 ? arguments[1] : "\"\"");
    tep_set_long_size(handle, 8);
    if (tep_parse_event(handle, text, strlen(text), "probes"))
        return 3;
    trace_seq_init(&out);
    tep_print_event(handle, &out, &record, "%s", TEP_PRINT_INFO);
    trace_seq_terminate(&out);
    puts(out.buffer);
    return 0;
}
SOURCE
cc -Iroot/usr/include/traceevent -o show show.c "$library/libtraceevent.so.1"

changed=0
expect() { # format, what C computes, what the library prints
    local seen
    seen=$(LD_LIBRARY_PATH=$library ./show "$1")
    printf '%-64s expected %-4s seen %s\n' "$1" "$2" "$seen"
    [[ $seen == "$3" ]] || changed=1
}
expect '"%lu", REC->two + REC->three * REC->ten' 32 32
expect '"%lu", REC->ten - REC->three - REC->two' 5 9
expect '"%lu", (REC->ten - REC->three) - REC->two' 5 5
expect '"%d", 100 / 5 / 2' 10 50
expect '"%s", REC->one ? "x" : "z"' x x
expect '"%s", REC->one == 1 ? "x" : REC->two ? "y" : "z"' x z
[[ $changed == 0 ]] || { echo "changed"; exit 1; }
