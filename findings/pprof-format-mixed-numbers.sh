#!/usr/bin/env bash
# What:     pprof-format decodes an integer below 2^28 as a number and one of 2^28 or more as a BigInt, in one and the same
#           array, whatever type was encoded. Negative values, which pprof's int64 fields allow, come back as 2^64 - n.
# Version:  pprof-format 2.2.1 (npm).
# Surprise: the type depends on the value. Code that adds up values works with small samples, and throws "Cannot mix BigInt"
#           once one wait is longer than 268 ms in nanoseconds. A difference of two profiles, where values may be negative,
#           shows samples of 18446744073709551615.
# Who:      readers of profiles in Node.js that sum sample values; tests that encode, decode and compare.
# Instead:  BigInt.asIntN(64, BigInt(value)) around every decoded value.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Node.js and npm.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . pprof-format@2.2.1 > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
echo "version: pprof-format 2.2.1"

cat > values.js <<'JS'
const { Profile, Sample, StringTable, ValueType } = require('pprof-format');
const strings = new StringTable();
const value = [5n, 268435455n, 268435456n, -1n];
const profile = new Profile({
  stringTable: strings,
  sampleType: value.map(() => new ValueType({ type: strings.dedup('wait'), unit: strings.dedup('nanoseconds') })),
  sample: [new Sample({ locationId: [], value })]
});
const decoded = Profile.decode(profile.encode()).sample[0].value;
for (let i = 0; i < value.length; i++) console.log(`${value[i]} ${typeof decoded[i]} ${decoded[i]}`);
try {
  console.log('sum ' + decoded.reduce((sum, v) => sum + v));
} catch (e) {
  console.log('sum ' + e.constructor.name);
}
console.log('mended ' + decoded.map(v => BigInt.asIntN(64, BigInt(v))).join(' '));
JS
node values.js > seen.txt
echo "expected: one type for all four values (5, 268435455, 268435456, -1), and each value as it was encoded"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
5 number 5
268435455 number 268435455
268435456 bigint 268435456
-1 bigint 18446744073709551615
sum TypeError
mended 5 268435455 268435456 -1
SEEN
