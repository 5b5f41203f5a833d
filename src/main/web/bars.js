// Proportions as bars, and latencies as columns.

import { el, svg } from './dom.js';
import { STATE_ORDER, STATE_WORDS, byState } from './model.js';
import { count, percent, time } from './units.js';

/** The states of a thread or process, one after the other. */
export function statesBar(states, totalNs) {
  const sums = byState(states);
  const words = STATE_ORDER.filter((state) => sums[state] > 0).map(
    (state) => `${STATE_WORDS[state]} ${percent(sums[state], totalNs)}`,
  );
  const bar = svg(
    'svg',
    { class: 'bar', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': words.join(', ') },
    svg('title', {}, words.join('\n')),
  );
  let x = 0;
  for (const state of STATE_ORDER) {
    const width = totalNs > 0 ? (1000 * sums[state]) / totalNs : 0;
    if (width > 0) {
      bar.append(svg('rect', { x, y: 0, width, height: 10, class: `fill-${state}` }));
    }
    x += width;
  }
  return bar;
}

const exponentOf = (ns) => (ns < 1 ? -1 : Math.floor(Math.log2(ns) + 1e-9));

/** From the shortest to the longest of several, in powers of two. */
export function scaleOf(calls) {
  let low = Infinity;
  let high = -Infinity;
  for (const call of calls) {
    for (let i = 0; i < call.buckets.length; i += 2) {
      low = Math.min(low, exponentOf(call.buckets[i]));
      high = Math.max(high, exponentOf(call.buckets[i]));
    }
  }
  return { low, high };
}

/** How many calls took how long: a column for each power of two; the height by the root, so that few are seen beside many. */
export function histogram(call, scale, height) {
  const columns = Math.max(1, scale.high - scale.low + 1);
  let most = 1;
  for (let i = 1; i < call.buckets.length; i += 2) {
    most = Math.max(most, call.buckets[i]);
  }
  const node = svg('svg', {
    class: 'histogram',
    viewBox: `0 0 ${columns} ${height}`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': `latencies from ${time(call.minNs)} to ${time(call.maxNs)}`,
  });
  for (let i = 0; i < call.buckets.length; i += 2) {
    const part = Math.max(1, height * Math.sqrt(call.buckets[i + 1] / most));
    node.append(
      svg(
        'rect',
        { x: exponentOf(call.buckets[i]) - scale.low + 0.08, y: height - part, width: 0.84, height: part },
        svg('title', {}, `${count(call.buckets[i + 1])} × ${time(call.buckets[i])} – ${time(2 * Math.max(0.5, call.buckets[i]))}`),
      ),
    );
  }
  return node;
}

/** The same, large, with its scale. */
export function largeHistogram(call) {
  const scale = scaleOf([call]);
  const ends = el('div', { class: 'scale' }, el('span', {}, time(2 ** scale.low)), el('span', {}, time(2 ** (scale.high + 1))));
  return el('div', { class: 'large' }, histogram(call, scale, 60), ends);
}

/** Parts of a whole in one colour each by class. */
export function sharesBar(shares, totalNs) {
  const bar = svg('svg', { class: 'bar', viewBox: '0 0 1000 10', preserveAspectRatio: 'none', role: 'presentation' });
  let x = 0;
  for (const share of shares) {
    const width = totalNs > 0 ? (1000 * share.ns) / totalNs : 0;
    bar.append(
      svg(
        'rect',
        { x, y: 0, width, height: 10, class: `cause-${share.cause}${share.own ? '' : ' others'}` },
        svg('title', {}, `${share.text} ${percent(share.ns, totalNs)}`),
      ),
    );
    x += width;
  }
  return bar;
}
