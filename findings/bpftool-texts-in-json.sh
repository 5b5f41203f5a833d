#!/usr/bin/env bash
# What:     bpftool map dump -j gives a char[8] of a map as a text for some entries and as an array of numbers for others of the
#           same map, and writes a backslash as \n: a\b is read back as "a", a line feed, "b".
# Version:  bpftool 7.1.0 (Debian 12).
# Surprise: the type comes from BTF and is equal for all entries, but what is printed depends on the bytes: a name that fills
#           its array ("kworker/" in 8 bytes), one with a tab or with a letter beyond ASCII is an array of signed numbers. The
#           JSON is valid in all cases, so the backslash goes unnoticed; units of systemd have them in their names (dev-a\x2db).
# Who:      those who read maps of eBPF programs with jq or a typed JSON library: it works until a process has a long name.
# Instead:  the bytes in "value" beside "formatted", or reading the map by a library.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs root, python3 and x86-64.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
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
need bpftool 7.1.0+

cat > dump.py <<'PYTHON'
import ctypes, json, os, struct, subprocess

libc = ctypes.CDLL(None, use_errno=True)

def bpf(command, attributes):
    memory = ctypes.create_string_buffer(attributes, 128)
    result = libc.syscall(321, command, memory, 128)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

# The types of the map, in BTF: an unsigned int as the key, struct { char name[8]; } as the value.
strings = b"\0unsigned int\0char\0entry\0name\0"
def place(text):
    return strings.index(b"\0" + text + b"\0") + 1
def head(name, kind, members, size):
    return struct.pack("<III", name, kind << 24 | members, size)
types = (head(place(b"unsigned int"), 1, 0, 4) + struct.pack("<I", 32)
         + head(place(b"char"), 1, 0, 1) + struct.pack("<I", 1 << 24 | 8)
         + head(0, 3, 0, 0) + struct.pack("<III", 2, 1, 8)
         + head(place(b"entry"), 4, 1, 8) + struct.pack("<III", place(b"name"), 3, 0))
blob = struct.pack("<HBBIIIII", 0xeb9f, 1, 0, 24, 0, len(types), len(types), len(strings)) + types + strings
memory = ctypes.create_string_buffer(blob, len(blob))
btf = bpf(18, struct.pack("<QQII", ctypes.addressof(memory), 0, len(blob), 0))
map_fd = bpf(0, struct.pack("<IIIIIII16sIIII", 2, 4, 8, 5, 0, 0, 0, b"names", 0, btf, 1, 4))

names = [b"bash", b"kworker/", b"a\tb", "café".encode(), b"a\\b"]
for number, name in enumerate(names):
    key, value = ctypes.create_string_buffer(struct.pack("<I", number), 4), ctypes.create_string_buffer(name.ljust(8, b"\0"), 8)
    bpf(2, struct.pack("<IIQQQ", map_fd, 0, ctypes.addressof(key), ctypes.addressof(value), 0))
with open(f"/proc/self/fdinfo/{map_fd}") as info:
    identity = [line.split()[1] for line in info if line.startswith("map_id")][0]
dump = json.loads(subprocess.run(["bpftool", "map", "dump", "id", identity, "-j"], check=True, stdout=subprocess.PIPE).stdout)
for name, entry in zip(names, dump):
    print(ascii(name.decode()), "->", json.dumps(entry["formatted"]["value"]["name"]))
PYTHON
python3 dump.py > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: five texts, as they were stored"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
'bash' -> "bash"
'kworker/' -> [107, 119, 111, 114, 107, 101, 114, 47]
'a\tb' -> [97, 9, 98, 0, 0, 0, 0, 0]
'caf\xe9' -> [99, 97, 102, -61, -87, 0, 0, 0]
'a\\b' -> "a\nb"
SEEN
