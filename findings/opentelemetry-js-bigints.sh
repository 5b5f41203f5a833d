#!/usr/bin/env bash
# What:     OpenTelemetry for Node.js leaves out attributes that are BigInts, of spans and of their events, without an error. An
#           array of different types goes the same way; NaN is kept.
# Version:  @opentelemetry/sdk-trace-base 2.12.1 (npm).
# Surprise: Node.js gives nanoseconds as BigInt (process.hrtime.bigint()), and the protocol has 64-bit integers, as these are. The
#           warning goes to a logger that is off by default.
# Who:      those who attach exact times, sizes or ids to spans in plain JavaScript.
# Instead:  Number(value), exact up to 2^53, or a text; switch diag on while developing.
# Exit:     0 still so, 1 behaves otherwise now, 2 the pinned version is not to be had. Needs Node.js and npm.
set -euo pipefail
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund --prefix . @opentelemetry/api@1.9.1 @opentelemetry/sdk-trace-base@2.12.1 \
    > npm.log 2>&1 || { cat npm.log >&2; exit 2; }
echo "version: @opentelemetry/sdk-trace-base 2.12.1"

cat > attributes.js <<'JS'
const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
const span = new BasicTracerProvider().getTracer('finding').startSpan('call');
span.setAttribute('number', 5);
span.setAttribute('bigint', 5n);
span.setAttribute('mixed', [1, 'a']);
span.setAttribute('nan', NaN);
span.addEvent('woken', { number: 5, bigint: 5n });
span.end();
console.log('span: ' + Object.keys(span.attributes).join(' '));
console.log('event: ' + Object.keys(span.events[0].attributes).join(' '));
JS
node attributes.js > seen.txt 2> errors.txt
echo "expected: number bigint ... for both, or an error; on standard error: $(wc -c < errors.txt) bytes"
sed 's/^/seen:     /' seen.txt
[[ ! -s errors.txt ]] && cmp -s seen.txt - <<'SEEN' || { echo "changed"; exit 1; }
span: number nan
event: number
SEEN
