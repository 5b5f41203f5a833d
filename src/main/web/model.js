// What the page is about: the three documents in it, with what belongs together found by number.

import { decode } from './cells.js';

function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

export const summary = read('summary');
export const story = read('story');
export const stretches = read('stretches');

export const STATES = stretches.states;
/** As the legend names and orders them. */
export const STATE_WORDS = {
  running: 'on a CPU',
  runnable: 'queue for a CPU',
  throttled: 'throttled by quota',
  ipc: 'waits for somebody',
  disk: 'waits for disk',
  sleep: 'sleeps',
  idle: 'has nothing to do',
  pagefault: 'page fault',
  stopped: 'stopped',
  other: 'waits otherwise',
  unknown: 'not known',
};
for (const state of STATES) {
  STATE_WORDS[state] ??= state;
}
export const STATE_ORDER = Object.keys(STATE_WORDS);

export function keyOf(pid, startNs) {
  return `${pid}@${startNs}`;
}

export function nameOf(comm, pid) {
  return pid > 0 ? `${comm || '?'}(${pid})` : comm || '?';
}

export const processes = summary.processes.map((process, index) => ({
  ...process,
  index,
  key: keyOf(process.pid, process.startNs),
  name: nameOf(process.comm, process.pid),
  totalNs: totalOf(process.states),
}));
export const processByKey = new Map(processes.map((process) => [process.key, process]));

/** Of processes that had one number, one after the other, the last. */
export const processByPid = new Map(processes.map((process) => [process.pid, process]));

export function totalOf(states) {
  return states.runningNs + states.runnableNs + states.blockedNs + states.unknownNs;
}

/** The figures of a document by the states of the time lines. */
export function byState(states) {
  const by = states.blockedBy;
  return {
    running: states.runningNs,
    runnable: states.runnableNs - (states.throttledNs ?? 0),
    throttled: states.throttledNs ?? 0,
    ipc: by.ipc,
    disk: by.disk,
    sleep: by.sleep,
    idle: by.idle ?? 0,
    pagefault: by.pagefault,
    stopped: by.stopped ?? 0,
    other: by.other + (by.fuse ?? 0) + (by.kernellock ?? 0),
    unknown: states.unknownNs,
  };
}

export const rows = stretches.rows.map((row, index) => {
  const process = processByKey.get(keyOf(row.pid, row.startNs));
  const thread = process?.threads.find((one) => one.tid === row.tid);
  const comm = thread?.comm ?? process?.comm ?? '';
  let decoded = null;
  return {
    ...row,
    index,
    process,
    isLeader: row.tid === row.pid,
    name: nameOf(comm, row.tid),
    whose: process?.name ?? nameOf('', row.pid),
    get decoded() {
      decoded ??= decode(row.cells, row.fromNs, STATES.length);
      return decoded;
    },
  };
});
/** Of threads that had one number, one after the other, all, in the order of time. */
export const rowsByTid = Map.groupBy(rows, (row) => row.tid);

const AWAITED = ['kind', 'object', 'syscall', 'wakerPid', 'wakerTid', 'wakerComm', 'evidence', 'woken'];
export const awaited = [
  null,
  ...stretches.awaited.map((one) => Object.fromEntries(AWAITED.map((field, index) => [field, one[index]]))),
];

/** The row of who ended a wait at that time. */
export function wakerRow(wait, atNs) {
  const all = rowsByTid.get(wait.wakerTid);
  return all?.findLast((row) => row.fromNs <= atNs) ?? all?.[0];
}

export const waits = story.waits.map((wait, index) => ({
  ...wait,
  index,
  process: processByKey.get(keyOf(wait.pid, wait.startNs)),
}));

export const calls = processes.flatMap((process) =>
  process.syscalls.map((call, index) => ({
    ...call,
    process,
    buckets: story.histograms[process.index][index],
    id: `${process.key}/${call.name}`,
  })),
);
export const callById = new Map(calls.map((call) => [call.id, call]));

/**
 * Who waited how long for whom: one for each two processes, whatever it was through; those of a process for itself left out. Those
 * with the most time come first, of which what had nothing to do is no part.
 */
export const edges = edgesOf();

function edgesOf() {
  const found = new Map();
  for (const part of summary.edges ?? []) {
    const from = keyOf(part.from, part.fromStartNs);
    const whom = keyOf(part.to, part.toStartNs);
    if (from === whom) {
      continue;
    }
    const id = `${from}-${whom}`;
    const edge = found.get(id) ?? {
      id,
      from: { key: from, pid: part.from, name: nameOf(part.fromComm, part.from) },
      to: { key: whom, pid: part.to, name: nameOf(part.toComm, part.to) },
      totalNs: 0,
      idleNs: 0,
      awaitedNs: 0,
      count: 0,
      bytes: null,
      sureNs: 0,
      parts: [],
      inCycle: false,
    };
    edge.totalNs += part.totalNs;
    edge.idleNs += part.idleNs;
    edge.awaitedNs += part.totalNs - part.idleNs;
    edge.count += part.count;
    edge.sureNs += part.sureNs;
    edge.bytes = part.bytes === null ? edge.bytes : (edge.bytes ?? 0) + part.bytes;
    edge.inCycle ||= part.cycle !== null;
    edge.parts.push(part);
    found.set(id, edge);
  }
  return [...found.values()].sort((a, b) => b.awaitedNs - a.awaitedNs);
}

/** Whether a stretch with that number of what it waited for is one of a row of waits. */
export function isOf(wait, row, number) {
  const one = awaited[number];
  if (!one || one.kind !== wait.kind || one.syscall !== wait.syscall || one.evidence !== wait.evidence) {
    return false;
  }
  if (wait.waiters.length > 0 && !wait.waiters.includes(row.tid)) {
    return false;
  }
  const waker = wait.waiters.length > 0 ? one.wakerTid : one.wakerPid;
  return wait.wakers.includes(waker) && (!wait.objects || wait.objects.includes(one.object) || wait.objects.includes(''));
}
