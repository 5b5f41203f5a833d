#!/usr/bin/env bash
# What:     Node.js's monitorEventLoopDelay reports the whole time between two samples, not what is late of it: of an idle loop,
#           sampled every 20 ms, the mean delay is 20 ms and the least one too.
# Version:  Node.js 20 (the one on the PATH).
# Surprise: it is called a delay. With the default resolution of 10 ms a loop that is never late shows 10 ms, and a coarser
#           sampling, to save work, seems to make the loop slower.
# Who:      those who alert on p50 or mean, or compare services that sample at different rates.
# Instead:  take the resolution off each figure; for a share of time, performance.eventLoopUtilization().
# Exit:     0 still so, 1 behaves otherwise now, 2 there is another version of Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "version: Node.js $(node --version)"
[[ $(node --version) == v20.* ]] || exit 2
cat > idle.js <<'JS'
const { monitorEventLoopDelay } = require('perf_hooks');
const histograms = [20, 50].map(resolution => ({ resolution, delay: monitorEventLoopDelay({ resolution }) }));
for (const { delay } of histograms) delay.enable();
setTimeout(() => {
  for (const { resolution, delay } of histograms) {
    delay.disable();
    const median = delay.percentile(50) / 1e6;
    console.error(`median of an idle loop, sampled every ${resolution} ms: ${median.toFixed(1)} ms`);
    console.log(`${resolution} ${median > resolution * 0.8 ? 'period included' : 'period not included'}`);
  }
}, 3000);
JS
node idle.js > seen.txt 2> medians.txt
echo "expected: about 0 ms for both"
sed 's/^/seen:     /' medians.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
20 period included
50 period included
SEEN
