// What there is in rows: waits, processes, calls.

import { histogram, scaleOf, statesBar } from './bars.js';
import { el, telling } from './dom.js';
import { calls, processes, waits } from './model.js';
import { to } from './routes.js';
import { table } from './table.js';
import { count, percent, time } from './units.js';

const nothing = () => el('span', { class: 'faint' }, '·');
const timeCell = (ns) => (ns > 0 ? time(ns) : nothing());

export function drawWaits(section) {
  const bound = (wait, ns) => (wait.count === 0 ? nothing() : wait.joined ? `≤${time(ns)}` : time(ns));
  return table(
    section,
    [
      {
        head: 'wait',
        cell: (wait) => el('a', { href: to('wait', wait.index), class: 'row' }, telling(wait.sentence)),
        value: (wait) => wait.who,
        class: 'wide',
      },
      {
        head: 'total',
        number: true,
        value: (wait) => (wait.idle ? wait.totalNs - 1e18 : wait.totalNs),
        cell: (wait) => time(wait.totalNs),
      },
      {
        head: 'waits',
        number: true,
        value: (wait) => wait.count,
        cell: (wait) => (wait.count === 0 ? 'goes on' : count(wait.count) + (wait.ongoing ? '+' : '')),
      },
      { head: 'p50', number: true, value: (wait) => wait.p50Ns, cell: (wait) => (wait.joined ? nothing() : timeCell(wait.p50Ns)) },
      { head: 'p99', number: true, value: (wait) => wait.p99Ns, cell: (wait) => bound(wait, wait.p99Ns) },
      { head: 'max', number: true, value: (wait) => wait.maxNs, cell: (wait) => timeCell(wait.maxNs) },
      {
        head: 'proof',
        value: (wait) => wait.proof,
        cell: (wait) => el('span', { class: `evidence-${wait.evidence}` }, wait.proof),
        title: 'how sure it is who ended the waits',
      },
    ],
    {
      id: 'waits',
      title: 'Waits',
      rows: waits,
      sortBy: 1,
      rowId: (wait) => `wait-${wait.index}`,
      text: (wait) => wait.sentence.map(([text]) => text).join(''),
    },
  );
}

/** As in the terminal: whoever has nothing to do sleeps. */
function sleepsNs(states) {
  return states.blockedBy.sleep + (states.blockedBy.idle ?? 0);
}

export function drawProcesses(section) {
  const share = (ns, process) => (ns > 0 ? percent(ns, process.totalNs) : nothing());
  const columns = [
    ['run', 'on a CPU', (states) => states.runningNs],
    ['queue', 'ready, without a CPU', (states) => states.runnableNs],
    ['ipc', 'waits for somebody', (states) => states.blockedBy.ipc],
    ['disk', 'waits for storage', (states) => states.blockedBy.disk],
    ['sleep', 'sleeps, or has nothing to do', sleepsNs],
    [
      'other',
      'waits otherwise, page faults, stopped',
      (states) => states.blockedNs - states.blockedBy.ipc - states.blockedBy.disk - sleepsNs(states),
    ],
    ['unknown', 'not known', (states) => states.unknownNs],
  ];
  return table(
    section,
    [
      {
        head: 'process',
        value: (process) => process.name,
        class: 'wide',
        cell: (process) =>
          el(
            'a',
            { href: to('process', process.key), class: 'row' },
            el('span', { class: 'tone-strong' }, process.name),
            el('span', { class: 'faint' }, process.title && process.title !== process.comm ? ` ${process.title}` : ''),
          ),
      },
      {
        head: 'time',
        number: true,
        value: (process) => process.totalNs,
        cell: (process) => time(process.totalNs),
        title: 'observed, over all threads',
      },
      {
        head: 'states',
        value: (process) => process.states.runningNs / Math.max(1, process.totalNs),
        number: true,
        class: 'states',
        cell: (process) => statesBar(process.states, process.totalNs),
        title: 'sort by the share on a CPU',
      },
      ...columns.map(([head, title, value]) => ({
        head,
        title,
        number: true,
        rare: true,
        value: (process) => value(process.states),
        cell: (process) => share(value(process.states), process),
      })),
      {
        head: 'threads',
        number: true,
        value: (process) => process.threads.length,
        cell: (process) => count(process.threads.length),
      },
      {
        head: 'switches',
        number: true,
        value: (process) => process.states.switchesVoluntary,
        title: 'left the CPU to wait',
        cell: (process) => count(process.states.switchesVoluntary),
      },
      {
        head: 'forced',
        number: true,
        value: (process) => process.states.switchesInvoluntary,
        title: 'was taken off the CPU',
        cell: (process) => count(process.states.switchesInvoluntary),
      },
    ],
    {
      id: 'processes',
      title: 'Processes',
      rows: processes,
      sortBy: 1,
      rowId: (process) => `process-${process.key}`,
      text: (process) => `${process.name} ${process.cmdline}`,
    },
  );
}

export function drawCalls(section) {
  const scale = scaleOf(calls);
  const ends = calls.length > 0 ? `${time(2 ** scale.low)} – ${time(2 ** (scale.high + 1))}` : '';
  return table(
    section,
    [
      {
        head: 'call',
        value: (call) => call.name,
        class: 'wide',
        cell: (call) =>
          el(
            'a',
            { href: to('call', call.id), class: 'row' },
            el('span', { class: 'tone-strong' }, call.name),
            el('span', { class: 'faint' }, ` ${call.process.name}`),
          ),
      },
      { head: 'calls', number: true, value: (call) => call.calls, cell: (call) => count(call.calls) },
      {
        head: 'errors',
        number: true,
        rare: true,
        value: (call) => call.errors,
        cell: (call) => (call.errors ? count(call.errors) : nothing()),
      },
      { head: 'total', number: true, value: (call) => call.totalNs, cell: (call) => time(call.totalNs) },
      { head: 'p50', number: true, value: (call) => call.p50Ns, cell: (call) => timeCell(call.p50Ns) },
      { head: 'p95', number: true, value: (call) => call.p95Ns, cell: (call) => timeCell(call.p95Ns) },
      { head: 'p99', number: true, value: (call) => call.p99Ns, cell: (call) => timeCell(call.p99Ns) },
      { head: 'max', number: true, value: (call) => call.maxNs, cell: (call) => timeCell(call.maxNs) },
      {
        head: ends || 'latencies',
        number: true,
        value: (call) => call.maxNs,
        cell: (call) => histogram(call, scale, 18),
        title: 'how many calls took how long, each column twice as long as the one before; sorts by the longest',
      },
    ],
    {
      id: 'calls',
      title: 'System calls',
      rows: calls,
      sortBy: 3,
      rowId: (call) => `call-${call.id}`,
      text: (call) => `${call.name} ${call.process.name}`,
    },
  );
}
