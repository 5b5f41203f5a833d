#!/usr/bin/env bash
# What:     promotel, which turns Prometheus's text into OTLP, makes one bucket of each histogram, and leaves out samples of NaN
#           or infinity and those with a closing brace in a label.
# Version:  @platformatic/promotel 0.2.2 with prom-client 15.1.3 (npm).
# Surprise: the text is what prom-client itself writes, and counts and sums arrive. "bucket_counts" is [5] with no bounds, which
#           is valid OTLP for "no distribution known", so nothing complains; quantiles of the histogram are gone for good.
# Who:      services that have prom-client's metrics and send them to a collector this way; routes such as "/users/{id}" as a
#           label.
# Instead:  let a collector scrape the text, or use OpenTelemetry's own metrics.
# Exit:     0 still so, 1 behaves otherwise now, 2 a pinned version is not to be had. Needs Node.js.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . @platformatic/promotel@0.2.2 prom-client@15.1.3 > npm.log 2>&1 \
    || { cat npm.log >&2; exit 2; }
echo "version: @platformatic/promotel 0.2.2, prom-client 15.1.3"

cat > convert.mjs <<'JS'
import { parse, convert } from '@platformatic/promotel';
import prom from 'prom-client';

const registry = new prom.Registry();
const registers = [registry];
const waits = new prom.Histogram({ name: 'waits', help: 'Waits.', buckets: [1, 2, 5], registers });
for (const value of [0.5, 0.6, 1.5, 3, 10]) waits.observe(value);
const calls = new prom.Counter({ name: 'calls_total', help: 'Calls.', labelNames: ['route'], registers });
for (const route of ['/users', '/users/{id}', '/a,b', '/a"b']) calls.inc({ route }, 7);
const ratios = new prom.Gauge({ name: 'ratios', help: 'Ratios.', labelNames: ['of'], registers });
ratios.set({ of: 'one' }, 1);
ratios.set({ of: 'none' }, NaN);
ratios.set({ of: 'all' }, Infinity);
const text = await registry.metrics();
console.log('lines of buckets in the text: ' + text.match(/^waits_bucket/gm).length);
for (const metric of convert(parse(text)).resource_metrics[0].scope_metrics[0].metrics) {
  if (metric.histogram) {
    const { count, bucket_counts: counts, explicit_bounds: bounds } = metric.histogram.data_points[0];
    console.log(`${metric.name}: ${JSON.stringify({ count, counts, bounds })}`);
  } else {
    const points = (metric.sum ?? metric.gauge).data_points;
    console.log(`${metric.name}: ${points.map(point => point.attributes[0].value.string_value).join(' ')}`);
  }
}
JS
node convert.mjs > seen.txt 2> errors.txt || { cat errors.txt >&2; exit 1; }
echo "expected: buckets of 2, 1, 1 and 1; four routes; three ratios"
sed 's/^/seen:     /' seen.txt
cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
lines of buckets in the text: 4
waits: {"count":5,"counts":[5],"bounds":[]}
calls_total: /users /a,b /a"b
ratios: one
SEEN
