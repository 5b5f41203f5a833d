// A critical path in words, and drawn over the timeline.

import { el } from './dom.js';
import { STATE_WORDS, rows } from './model.js';
import { pathOf, sharesOfPath } from './path.js';
import { to } from './routes.js';
import { moment, percent, plural, time } from './units.js';

const MOST_SHARES = 16;
const STEP_WORDS = {
  running: 'computes',
  runnable: 'has no CPU',
  sleep: 'sleeps',
  mixed: 'too short to tell apart',
  unknown: 'not known',
};

function shareItem(share, wholeNs) {
  return el(
    'li',
    {},
    el('span', { class: `dot fill-${share.state}` }),
    el('span', { class: 'figure' }, percent(share.ns, wholeNs)),
    el('a', { href: to('stretch', share.row.index, share.longest.from) }, share.row.name),
    el('span', {}, STEP_WORDS[share.state] ?? STATE_WORDS[share.state]),
    el('span', { class: 'faint' }, time(share.ns)),
  );
}

/** What a thread's time consists of, along those whom it waited for; of the whole of it, or of a part. */
export function ofPath([index, from, end], timeline) {
  const row = rows[index];
  if (!row || row.decoded.size === 0) {
    return null;
  }
  const first = row.decoded.from[0];
  const last = row.decoded.to[row.decoded.size - 1];
  const begin = from === undefined ? first : Math.max(first, Number(from));
  const until = end === undefined ? last : Math.min(last, Number(end));
  if (!(begin < until)) {
    return null;
  }
  const path = pathOf(row, begin, until);
  timeline.showPath(path, row.name);
  return [
    el('h3', {}, 'Critical path of ', row.name),
    el(
      'p',
      { class: 'faint' },
      `${time(until - begin)} from ${moment(begin, 1e5)}, in ${plural(path.length, 'stretch', 'stretches')}: what it did, and when it` +
        ' waited, what those did who ended that. What has a large share is what to make faster.',
    ),
    el(
      'ul',
      { class: 'shares path' },
      sharesOfPath(path)
        .slice(0, MOST_SHARES)
        .map((share) => shareItem(share, until - begin)),
    ),
    el('p', {}, el('a', { href: to('path', index) }, 'All of its time'), ' · ', lookedAt(index, timeline)),
    el('p', {}, el('a', { href: to('stretch', index, begin) }, 'What it did itself')),
  ];
}

function lookedAt(index, timeline) {
  return el(
    'a',
    { href: to('path', index, Math.round(timeline.view.from), Math.round(timeline.view.to)) },
    'only what is in sight',
  );
}
