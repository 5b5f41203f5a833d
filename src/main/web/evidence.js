// What stands behind a figure: the rows it is the sum of, and the stretches of time behind these.

import { largeHistogram, statesBar } from './bars.js';
import { MIXED, firstAfter } from './cells.js';
import { button, el, telling } from './dom.js';
import {
  STATES,
  STATE_WORDS,
  awaited,
  callById,
  calls,
  edges,
  isOf,
  nameOf,
  processByKey,
  processByPid,
  rows,
  wakerRow,
  waits,
} from './model.js';
import { to } from './routes.js';
import { ofPath } from './steps.js';
import { stretchWords } from './timeline.js';
import { bytes, count, moment, percent, plural, time } from './units.js';
import { shareNodes, sharesOf, whyOf } from './verdict.js';

const LONGEST = 8;
const MOST = 12;
const PROOF = {
  object: 'Whoever ended them was in a system call on the very thing that was waited for.',
  waker: 'It is known who woke, but not through what.',
  interrupt: 'Ended by an interrupt: a timer, a disk, a network card.',
  none: 'Who ended them was not seen, or they still go on.',
};

function figures(pairs) {
  return el(
    'dl',
    {},
    pairs.filter(([, value]) => value !== null).map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]),
  );
}

function list(title, items) {
  return items.length === 0
    ? null
    : [
        el('h4', {}, title),
        el(
          'ul',
          {},
          items.map((item) => el('li', {}, item)),
        ),
      ];
}

function waitLink(wait) {
  return [
    el('a', { href: to('wait', wait.index) }, telling(wait.sentence)),
    ' ',
    el('span', { class: `evidence-${wait.evidence}` }, wait.proof),
  ];
}

function processLink(process) {
  return el('a', { href: to('process', process.key) }, process.name);
}

function stretchLink(row, cell) {
  const from = row.decoded.from[cell];
  return [
    el('a', { href: to('stretch', row.index, from) }, time(row.decoded.to[cell] - from)),
    el('span', { class: 'faint' }, ` ${row.name} at ${moment(from, 1e4)}`),
  ];
}

/** The longest stretches of which `test` is true, over some threads. */
function longest(among, test) {
  const found = [];
  for (const row of among) {
    const cells = row.decoded;
    for (let cell = 0; cell < cells.size; cell++) {
      if (cells.wait[cell] !== 0 && cells.state[cell] !== MIXED && test(row, cells.wait[cell])) {
        found.push({ row, cell, length: cells.to[cell] - cells.from[cell] });
      }
    }
  }
  return found.sort((a, b) => b.length - a.length).slice(0, LONGEST);
}

function ofWait([index]) {
  const wait = waits[index];
  if (!wait) {
    return null;
  }
  const among =
    wait.process && !wait.joined ? rows.filter((row) => row.process === wait.process) : rows.filter((row) => row.pid === wait.pid);
  const waker = processByPid.get(wait.wakerPid);
  return [
    el('h3', {}, telling(wait.sentence)),
    figures([
      ['total', `${time(wait.totalNs)}, ${percent(wait.totalNs, wait.observedNs)} of ${time(wait.observedNs)}`],
      ['waits', wait.count === 0 ? 'one, which goes on' : count(wait.count) + (wait.ongoing ? ', and one goes on' : '')],
      ['p50', wait.count > 1 && !wait.joined ? time(wait.p50Ns) : null],
      ['p99', wait.count > 1 ? `${wait.joined ? 'at most ' : ''}${time(wait.p99Ns)}` : null],
      ['longest', wait.count ? time(wait.maxNs) : null],
      ['proof', PROOF[wait.evidence]],
    ]),
    becauseOf(wait),
    wait.process ? el('p', {}, 'Waited: ', processLink(wait.process)) : null,
    waker ? el('p', {}, 'Ended by: ', processLink(waker)) : null,
    list(
      'The longest, on the timeline',
      longest(among, (row, number) => isOf(wait, row, number)).map(({ row, cell }) => stretchLink(row, cell)),
    ),
  ];
}

/** What whoever ended the waits did meanwhile, and whoever that one waited for. */
function becauseOf(wait) {
  const because = wait.because ?? [];
  return because.length === 0
    ? null
    : [
        el('h4', {}, 'Because meanwhile'),
        el(
          'ul',
          { class: 'shares' },
          sharesOf({ pid: -1, shares: because }).map((share) => shareNodes(share, wait.totalNs)),
        ),
      ];
}

function ofProcess([key]) {
  const process = processByKey.get(key);
  if (!process) {
    return null;
  }
  const why = whyOf(process);
  const own = rows.filter((row) => row.process === process);
  const parent = processByPid.get(process.ppid);
  return [
    el('h3', {}, process.name),
    process.cmdline ? el('p', { class: 'command' }, process.cmdline) : null,
    statesBar(process.states, process.totalNs),
    figures([
      ['observed', `${time(process.totalNs)} in ${plural(process.threads.length, 'thread', 'threads')}`],
      ['on a CPU', `${time(process.states.runningNs)}, ${percent(process.states.runningNs, process.totalNs)}`],
      ['in the queue', `${time(process.states.runnableNs)}, ${percent(process.states.runnableNs, process.totalNs)}`],
      ['blocked', `${time(process.states.blockedNs)}, ${percent(process.states.blockedNs, process.totalNs)}`],
      ['ended', process.exitNs === null ? 'no' : 'yes'],
      ['child of', parent ? processLink(parent) : process.ppid || null],
    ]),
    why
      ? [
          el('h4', {}, 'Where its time went'),
          el(
            'ul',
            { class: 'shares' },
            sharesOf(why)
              .slice(0, MOST)
              .map((share) => shareNodes(share, why.totalNs)),
          ),
        ]
      : null,
    list(
      'Waits',
      waits
        .filter((wait) => wait.process === process)
        .slice(0, MOST)
        .map(waitLink),
    ),
    list(
      'Waited for it',
      waits
        .filter((wait) => wait.wakerPid === process.pid && wait.pid !== process.pid)
        .slice(0, MOST)
        .map(waitLink),
    ),
    list(
      'Calls that took longest',
      calls
        .filter((call) => call.process === process)
        .sort((a, b) => b.totalNs - a.totalNs)
        .slice(0, LONGEST)
        .map((call) => [
          el('a', { href: to('call', call.id) }, call.name),
          el('span', { class: 'faint' }, ` ${plural(call.calls, 'call', 'calls')}, ${time(call.totalNs)}`),
        ]),
    ),
    list(
      'Threads, on the timeline',
      own
        .slice(0, MOST)
        .map((row) => [
          el('a', { href: to('stretch', row.index, row.fromNs) }, row.name),
          el('span', { class: 'faint' }, ` from ${moment(row.fromNs, 1e6)} · `),
          el('a', { href: to('path', row.index) }, 'critical path'),
        ]),
    ),
  ];
}

function ofBottleneck([key]) {
  const process = processByKey.get(key);
  if (!process) {
    return null;
  }
  return [
    el('h3', {}, 'Who waited for ', processLink(process)),
    list(
      'Directly',
      waits
        .filter((wait) => wait.wakerPid === process.pid && wait.pid !== process.pid)
        .slice(0, MOST)
        .map(waitLink),
    ),
    list(
      'What it did itself',
      sharesOf(whyOf(process) ?? { pid: 0, shares: [] })
        .slice(0, MOST)
        .map((share) => [`${share.text} `, el('span', { class: 'faint' }, time(share.ns))]),
    ),
    list(
      'The longest waits that it ended',
      longest(
        rows.filter((row) => row.process !== process),
        (row, number) => awaited[number].wakerPid === process.pid,
      ).map(({ row, cell }) => stretchLink(row, cell)),
    ),
  ];
}

function ofCall([id]) {
  const call = callById.get(id);
  if (!call) {
    return null;
  }
  return [
    el('h3', {}, call.name, ' of ', processLink(call.process)),
    largeHistogram(call),
    figures([
      ['calls', count(call.calls)],
      ['total', time(call.totalNs)],
      ['shortest', time(call.minNs)],
      ['p50', call.p50Ns ? time(call.p50Ns) : '·'],
      ['p95', time(call.p95Ns)],
      ['p99', time(call.p99Ns)],
      ['longest', time(call.maxNs)],
      ['errors', count(call.errors)],
    ]),
    list(
      'Errors',
      Object.entries(call.errnos)
        .sort((a, b) => b[1] - a[1])
        .map(([name, times]) => `${name} ${count(times)}`),
    ),
    list(
      'Waits in it',
      waits
        .filter((wait) => wait.process === call.process && wait.syscall === call.name)
        .slice(0, MOST)
        .map(waitLink),
    ),
    list(
      'The longest, on the timeline',
      longest(
        rows.filter((row) => row.process === call.process),
        (row, number) => awaited[number].syscall === call.name,
      ).map(({ row, cell }) => stretchLink(row, cell)),
    ),
  ];
}

function ofEdge([id]) {
  const edge = edges.find((one) => one.id === id);
  if (!edge) {
    return null;
  }
  const link = (node) => (processByKey.has(node.key) ? el('a', { href: to('process', node.key) }, node.name) : node.name);
  const between = waits.filter((wait) => wait.pid === edge.from.pid && wait.wakerPid === edge.to.pid);
  return [
    el('h3', {}, link(edge.from), ' waited for ', link(edge.to)),
    figures([
      ['total', time(edge.totalNs)],
      ['idle', edge.idleNs > 0 ? time(edge.idleNs) : null],
      ['waits', count(edge.count)],
      ['carried', edge.bytes === null ? null : bytes(edge.bytes)],
      ['proved', `${percent(edge.sureNs, edge.totalNs)} of it by the object`],
      ['circle', edge.inCycle ? 'they wait for one another in a circle' : null],
    ]),
    list(
      'Through',
      edge.parts.map((part) => [
        `${part.kind} `,
        el('span', { class: 'faint' }, `${time(part.totalNs)} in ${plural(part.count, 'wait', 'waits')}, p99 ${time(part.p99Ns)}`),
      ]),
    ),
    list('Waits', between.slice(0, MOST).map(waitLink)),
    list(
      'The longest, on the timeline',
      longest(
        rows.filter((row) => row.pid === edge.from.pid),
        (row, number) => awaited[number].wakerPid === edge.to.pid,
      ).map(({ row, cell }) => stretchLink(row, cell)),
    ),
  ];
}

function ofStretch([index, from], timeline) {
  const row = rows[index];
  if (!row || row.decoded.size === 0) {
    return null;
  }
  const cells = row.decoded;
  const cell = Math.min(cells.size - 1, firstAfter(cells, Number(from)));
  const wait = cells.state[cell] === MIXED ? null : awaited[cells.wait[cell]];
  const waker = wait?.wakerTid ? wakerRow(wait, cells.to[cell]) : null;
  const row1 = wait ? waits.find((one) => one.process === row.process && isOf(one, row, cells.wait[cell])) : null;
  return [
    el('h3', {}, row.name, row.isLeader ? '' : ` of ${row.whose}`),
    el('p', {}, stretchWords(row, cell)),
    figures([
      ['from', moment(cells.from[cell], 1e3)],
      ['to', moment(cells.to[cell], 1e3)],
      ['state', cells.state[cell] === MIXED ? 'several' : STATE_WORDS[STATES[cells.state[cell]]]],
      ['what', wait ? wait.object || wait.kind : null],
      ['call', wait?.syscall || null],
      ['proof', wait ? PROOF[wait.evidence] : null],
    ]),
    button('show it on the timeline', 'zoom in on it', () => timeline.goTo(row, cells.from[cell], cells.to[cell])),
    row1 ? el('p', {}, 'One of: ', waitLink(row1)) : null,
    waker
      ? el('p', {}, 'What who ended it did then: ', el('a', { href: to('stretch', waker.index, cells.to[cell]) }, waker.name))
      : null,
    el('p', {}, el('a', { href: to('path', row.index) }, `Critical path of ${row.name}`)),
    row.process ? el('p', {}, 'Process: ', processLink(row.process)) : null,
  ];
}

const KINDS = {
  path: ofPath,
  wait: ofWait,
  process: ofProcess,
  bottleneck: ofBottleneck,
  call: ofCall,
  edge: ofEdge,
  stretch: ofStretch,
};

function nothingYet() {
  return [
    el('h3', {}, 'Evidence'),
    el(
      'p',
      { class: 'faint' },
      'Choose anything: a wait, a process, a call, an edge, a stretch of the timeline.' +
        ' Here stands what is behind its figures.',
    ),
  ];
}

/** Shows what stands behind what was chosen; nothing when it is not of this trace. */
export function showEvidence(aside, route, timeline, close) {
  const nodes = route && KINDS[route.kind]?.(route.parts, timeline);
  aside.classList.toggle('open', Boolean(nodes));
  if (nodes) {
    aside.replaceChildren(
      button('×', 'close (Esc)', close, { class: 'close', 'aria-label': 'close' }),
      ...nodes.flat(3).filter(Boolean),
    );
  } else {
    aside.replaceChildren(...nothingYet());
  }
  return Boolean(nodes);
}
