#!/usr/bin/env bash
# What:     libtraceevent computes with a tracepoint's fields as unsigned, whatever the format file says. For an int of -3,
#           "ret < 0" and "ret == -3" are false and "ret / 2" is 2147483646; a signed char of -2 prints as 254 with %d; an
#           entry for -3 in __print_symbolic never matches. Casts do not help; 64-bit fields compare (==) rightly, but
#           are never below 0.
# Version:  libtraceevent 1.7.1 (Debian 12), the parser under trace-cmd and kernelshark.
# Surprise: the field says signed:1, and plain "%d" of an int prints -3 rightly, so that nothing looks broken until a
#           format compares, maps or divides. The kernel computes in C, so its own text of the same event differs.
# Who:      authors of tracepoints that name error codes or test a result; who parses the text of trace-cmd report; users
#           of tep_get_field_val, which does not extend the sign either (4294967293).
# Instead:  read the raw field and extend its sign by its size; take the kernel's text where a format has conditions.
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

/* One event with int ret = -3, long wide = -3 and signed char small = -2, printed by each format given. */
int main(int count, char **formats)
{
    struct { unsigned short type; char flags, preempt; int pid, ret; signed char small, pad[3]; long wide; } event =
        { .type = 1, .pid = 42, .ret = -3, .small = -2, .wide = -3 };
    for (int i = 1; i < count; i++) {
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
            "\tfield:int ret;\toffset:8;\tsize:4;\tsigned:1;\n"
            "\tfield:signed char small;\toffset:12;\tsize:1;\tsigned:1;\n"
            "\tfield:long wide;\toffset:16;\tsize:8;\tsigned:1;\n\n"
            "print fmt: %s\n", formats[i]);
        tep_set_long_size(handle, 8);
        if (tep_parse_event(handle, text, strlen(text), "probes"))
            return 3;
        trace_seq_init(&out);
        tep_print_event(handle, &out, &record, "%s", TEP_PRINT_INFO);
        trace_seq_terminate(&out);
        puts(out.buffer);
        trace_seq_destroy(&out);
        tep_free(handle);
    }
    return 0;
}
SOURCE
cc -Iroot/usr/include/traceevent -o show show.c "$library/libtraceevent.so.1"
show() { LD_LIBRARY_PATH=$library ./show "$1"; }

changed=0
expect() { # format, what the kernel prints, what the library prints
    local seen
    seen=$(show "$1")
    printf '%-74s expected %-4s seen %s\n' "$1" "$2" "$seen"
    [[ $seen == "$3" ]] || changed=1
}
expect '"%d", REC->ret' -3 -3
expect '"%d", REC->small' -2 254
expect '"%d", REC->ret < 0' 1 0
expect '"%d", REC->wide < 0' 1 0
expect '"%d", REC->wide == -3' 1 1
expect '"%d", REC->ret == -3' 1 0
expect '"%ld", (long)REC->ret' -3 4294967293
expect '"%d", REC->ret / 2' -1 2147483646
expect '"%s", __print_symbolic(REC->ret, { -3, "gone" }, { 0, "fine" })' gone 0xfffffffd
[[ $changed == 0 ]] || { echo "changed"; exit 1; }
