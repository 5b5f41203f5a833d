#!/usr/bin/env bash
# What:     bpftrace's max() of values that are all negative leaves no entry in its map; min() and stats() of the same values
#           are there. A maximum starts from 0, which no negative value exceeds.
# Version:  bpftrace 0.17.0-1 (Debian 12).
# Surprise: one expects -3 as the maximum of -5 and -3, or 0 at worst. A map without the key reads as "this did not occur";
#           for a map without keys not even its name is printed. max(0) alone does make an entry.
# Who:      those who tabulate @[comm] = max(args->ret): who got nothing but errors is missing; lateness below zero too.
# Instead:  -min(-x), or count() under the same key beside it.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs root and BPF.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

found=$(dpkg-query -W -f='${Version}' bpftrace 2>/dev/null || true)
if [[ $found != 0.17.0-1 ]]; then
    apt-get -qq install -y --no-install-recommends bpftrace=0.17.0-1 >&2 || exit 2
fi
echo "version: $(bpftrace --version)"

cat > values.bt <<'SCRIPT'
BEGIN
{
    @max["errors"] = max(-5); @max["errors"] = max(-3);
    @max["zero"] = max(0);
    @max["mixed"] = max(-5); @max["mixed"] = max(4);
    @min["errors"] = min(-5); @min["errors"] = min(-3);
    @alone = max(-5);
    exit();
}
SCRIPT
bpftrace values.bt > out.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
grep '^@' out.txt | sort > seen.txt || true
echo "expected: @alone: -5 and @max[errors]: -3 beside the others"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
@max[mixed]: 4
@max[zero]: 0
@min[errors]: -5
SEEN
