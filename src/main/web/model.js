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
  pagefault: 'page fault',
  stopped: 'stopped',
  other: 'waits otherwise',
  unknown: 'not known',
};
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
    sleep: by.sleep + (by.idle ?? 0),
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

/** Who waited how long for whom. */
export const edges = edgesOf();

function edgesOf() {
  const found = new Map();
  for (const process of processes) {
    for (const wait of process.waits) {
      if (wait.waker && wait.waker.pid !== process.pid) {
        const id = `${process.pid}-${wait.waker.pid}`;
        const edge = found.get(id) ?? {
          id,
          from: process.pid,
          to: wait.waker.pid,
          toComm: wait.waker.comm,
          totalNs: 0,
          count: 0,
          kinds: new Set(),
          evidence: wait.evidence,
        };
        edge.totalNs += wait.totalNs;
        edge.count += wait.count;
        edge.kinds.add(wait.kind);
        edge.evidence = edge.evidence === wait.evidence ? edge.evidence : 'mixed';
        found.set(id, edge);
      }
    }
  }
  return [...found.values()].sort((a, b) => b.totalNs - a.totalNs);
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
