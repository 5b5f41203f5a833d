// The critical path of a thread: what it did, and whenever it waited, what those did who ended that, back to its begin. Its stretches
// are as long together as the time that it is the path of.

import { MIXED } from './cells.js';
import { STATES, awaited, wakerRow } from './model.js';

const DEPTH = 64;
const FOLLOWED = new Set(['ipc', 'other']);

/** What a thread did just before a time: the number of the cell, -1 before all of them, or `size` behind them. */
function cellBefore(cells, ns) {
  let low = 0;
  let high = cells.size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells.to[middle] >= ns) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low < cells.size && cells.from[low] >= ns ? low - 1 : low;
}

/** Stretches in the order of time, each with `row`, `from`, `to` and `state`: one of STATES, 'mixed', or 'unknown'. */
export function pathOf(row, from, to) {
  const found = [];
  const walks = [{ row, until: from }];
  let now = to;
  const tell = (walk, state, back) => {
    const begin = Math.max(back, walk.until);
    const last = found.at(-1);
    if (last && last.row === walk.row && last.state === state && last.from === now) {
      last.from = begin;
    } else {
      found.push({ row: walk.row, from: begin, to: now, state });
    }
    now = begin;
  };
  while (walks.length > 0) {
    const walk = walks.at(-1);
    if (now <= walk.until) {
      walks.pop();
      continue;
    }
    const cells = walk.row.decoded;
    const cell = cellBefore(cells, now);
    if (cell < 0 || cell === cells.size || cells.to[cell] < now) {
      tell(walk, 'unknown', cell < 0 ? walk.until : cells.to[Math.min(cell, cells.size - 1)]);
      continue;
    }
    const state = cells.state[cell] === MIXED ? 'mixed' : STATES[cells.state[cell]];
    const wait = FOLLOWED.has(state) ? awaited[cells.wait[cell]] : null;
    const next = wait?.woken && wait.wakerTid ? wakerRow(wait, cells.to[cell]) : null;
    if (next && next !== walk.row && walks.length <= DEPTH) {
      walks.push({ row: next, until: Math.max(cells.from[cell], walk.until) });
    } else {
      tell(walk, state, cells.from[cell]);
    }
  }
  return found.reverse();
}

/** How much of a path each thread took in each state, the greatest first. */
export function sharesOfPath(path) {
  const sums = new Map();
  for (const stretch of path) {
    const id = `${stretch.row.index} ${stretch.state}`;
    const share = sums.get(id) ?? { row: stretch.row, state: stretch.state, ns: 0, stretches: 0, longest: stretch };
    share.ns += stretch.to - stretch.from;
    share.stretches++;
    share.longest = stretch.to - stretch.from > share.longest.to - share.longest.from ? stretch : share.longest;
    sums.set(id, share);
  }
  return [...sums.values()].sort((a, b) => b.ns - a.ns);
}
