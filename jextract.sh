#!/usr/bin/env bash
# Generates what ktrace knows of the kernel's binary interface from the headers of this machine, and nothing by hand:
#   native-headers/ktrace.h + includes.txt  ->  src/generated/java                    (layouts and constants, by jextract)
#   the headers of asm/ and asm-generic/    ->  src/main/resources/ktrace/linux/*.txt (system calls, errno, signals)
#
#   ./jextract.sh           writes them
#   ./jextract.sh --check   writes nothing; exit 1 and one line if what is committed differs
#
#   JEXTRACT        the jextract to run, if it is not on the PATH
#   CC              the C compiler whose preprocessor is asked (cc)
#   KERNEL_HEADERS  an include directory with other kernel headers than the installed ones, as linux-libc-dev unpacks it
#
# Numbers of system calls are never given twice: an entry that is committed and that the headers do not know yet stays,
# so tables made from newer headers survive a run on an older machine.
set -euo pipefail
export LC_ALL=C

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
package=ktrace.linux.uapi
bindings=src/generated/java
tables=src/main/resources/ktrace/linux
cc=${CC:-cc}

fail() { echo "jextract.sh: $*" >&2; exit 1; }

find_jextract() {
    local found=${JEXTRACT:-$(command -v jextract || true)}
    [[ -n $found ]] || fail "no jextract on the PATH and JEXTRACT is not set: get it from https://jdk.java.net/jextract/" \
                            "or build it from https://github.com/openjdk/jextract"
    [[ -x $found && ! -d $found ]] || fail "JEXTRACT=$found is not an executable file"
    echo "$found"
}

include_flags() {
    [[ -z ${KERNEL_HEADERS:-} ]] || echo "-I$KERNEL_HEADERS -I$KERNEL_HEADERS/x86_64-linux-gnu"
}

# Layouts and constants into $1. The bindings are those of x86-64: ktrace.h says what is different elsewhere.
generate_bindings() {
    local jextract log=$1.log
    jextract=$(find_jextract)
    [[ $(uname -m) == x86_64 ]] || fail "the committed bindings are those of x86_64, this machine is $(uname -m)"
    # From the directory of the header: jextract puts the working directory on the include path.
    # shellcheck disable=SC2046 # flags are words
    (cd "$root/native-headers" &&
        "$jextract" $(include_flags) --output "$1" --target-package "$package" --header-class-name Uapi \
            @includes.txt ktrace.h) >"$log" 2>&1 || { cat "$log" >&2; fail "jextract failed"; }
    # Every struct can be laid over foreign memory, with MemorySegment.reinterpret: javac warns of that. Only the
    # generated code is let off; what people write keeps the warning.
    find "$1" -name '*.java' -exec sed -i 's/^public \(final \)\?class /@SuppressWarnings("restricted")\n&/' {} +
}

# The object-like macros of header $1 whose names match the extended regular expression $2, as "value name" lines.
# Further arguments go to the compiler. Left out: the alias of another such macro (EWOULDBLOCK), and what is no number.
numbered_macros() {
    local header=$1 pattern=$2 names
    shift 2
    # shellcheck disable=SC2046 # flags are words
    names=$(echo "#include <$header>" | "$cc" -E -dM $(include_flags) "$@" - |
        sed -nE "s/^#define ($pattern) +/\1 /p" | awk '{ body[$1] = $2 } END { for (m in body) if (!(body[m] in body)) print m }')
    # The quotes keep the name from being replaced as well.
    # shellcheck disable=SC2046
    { echo "#include <$header>"; sed 's/.*/ktrace_macro "&" &/' <<<"$names"; } |
        "$cc" -E -P $(include_flags) "$@" - | sed -nE 's/^ktrace_macro "([^"]+)" ([0-9]+)$/\2 \1/p' | sort -n
}

# System calls of header $1 into file $2, joined with those that the committed table knows beyond them.
syscall_table() {
    local header=$1 name=$2 target=$3
    shift 3
    {
        numbered_macros "$header" '__NR_[a-z0-9_]+' "$@" | sed 's/ __NR_/ /' |
            grep -vE ' (syscalls|arch_specific_syscall)$'
        cat "$root/$tables/$name" 2>/dev/null || true
    } | awk '!seen[$1]++' | sort -n >"$target/$name"
    [[ $(wc -l <"$target/$name") -gt 250 ]] || fail "found no system calls in <$header>"
}

# errno names from the kernel's header and what strerror(3) says of them in the C locale, into $1.
errno_table() {
    local program=$1.program
    {
        printf '#include <errno.h>\n#include <stdio.h>\n#include <string.h>\nint main(void) {\n'
        numbered_macros asm/errno.h 'E[A-Z0-9]+' |
            sed -E 's/^([0-9]+) (.*)/printf("%d %s %s\\n", \1, "\2", strerror(\1));/'
        printf 'return 0; }\n'
    } | "$cc" -x c -o "$program" -
    "$program" >"$1"
    rm "$program"
}

generate_tables() {
    mkdir -p "$1"
    syscall_table asm/unistd_64.h syscalls-x86_64.txt "$1"
    syscall_table asm/unistd_32.h syscalls-i386.txt "$1"
    # What arch/arm64/include/uapi/asm/unistd.h defines before it includes the generic table.
    syscall_table asm-generic/unistd.h syscalls-aarch64.txt "$1" -D__ARCH_WANT_RENAMEAT -D__ARCH_WANT_NEW_STAT \
        -D__ARCH_WANT_SET_GET_RLIMIT -D__ARCH_WANT_TIME32_SYSCALLS -D__ARCH_WANT_SYS_CLONE3 -D__ARCH_WANT_MEMFD_SECRET
    errno_table "$1/errno.txt"
    # SIGIOT and SIGUNUSED are the old names of SIGABRT and SIGSYS; 32 and up are real-time signals and have no names.
    numbered_macros asm/signal.h 'SIG[A-Z0-9]+' | grep -vE ' SIG(IOT|UNUSED)$' | awk '$1 < 32' >"$1/signals.txt"
}

# Says in one line why $1 (generated just now) and $2 (committed) differ, if they do.
compare() {
    local difference count
    difference=$(diff -rq "$1" "$2" 2>&1 || true)
    [[ -z $difference ]] && return
    count=$(wc -l <<<"$difference")
    fail "${2#"$root"/} is not what the headers of this machine give (differences: $count, first:" \
         "$(head -1 <<<"$difference" | sed -E "s|Only in ([^:]*): |only on one side: |; s|^Files .*/([^ /]+) and .*|\1|"));" \
         "$(versions)"
}

# Struct sizes and line numbers of headers differ between kernel versions, so that is the first thing to look at.
versions() {
    local committed installed
    committed=$(grep -srhoE 'LINUX_VERSION_(MAJOR|PATCHLEVEL) = \(int\)[0-9]+' "$root/$bindings" | sort |
        grep -oE '[0-9]+$' | paste -sd.)
    installed=$(numbered_macros linux/version.h 'LINUX_VERSION_(MAJOR|PATCHLEVEL)' | sort -k2 | cut -d' ' -f1 | paste -sd.)
    echo "bindings are of Linux ${committed:-unknown} headers, these are ${installed:-unknown}"
}

case ${1:-} in
    ''|--check) ;;
    *) echo "usage: jextract.sh [--check]" >&2; exit 2 ;;
esac
command -v "$cc" >/dev/null || fail "no C compiler: $cc not found (set CC)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
generate_bindings "$work/java"
generate_tables "$work/tables"

if [[ ${1:-} == --check ]]; then
    compare "$work/java" "$root/$bindings"
    for table in "$work"/tables/*; do
        compare "$table" "$root/$tables/${table##*/}"
    done
else
    rm -rf "${root:?}/$bindings"
    mkdir -p "$root/$bindings" "$root/$tables"
    cp -R "$work/java/." "$root/$bindings/"
    cp "$work"/tables/* "$root/$tables/"
fi
