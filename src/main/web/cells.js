// The time of one thread in cells, as CellCode writes them.

export const MIXED = 15;
const NOTHING_TOLD = 14;
const WAIT_FOLLOWS = 16;

/** Arrays with one place for each cell: from, to, state, wait, and where in `sums` a mixed one has the time of each state. */
export function decode(text, fromNs, states) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  let at = 0;
  const number = () => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        return value;
      }
      factor *= 128;
    }
  };
  const room = bytes.length / 2 + 1;
  const cells = {
    size: 0,
    from: new Float64Array(room),
    to: new Float64Array(room),
    state: new Uint8Array(room),
    wait: new Int32Array(room),
    mixedAt: new Int32Array(room),
    sums: [],
  };
  let now = fromNs;
  while (at < bytes.length) {
    const tag = number();
    const length = number();
    const cell = cells.size;
    const state = tag & MIXED;
    if (state === NOTHING_TOLD) {
      now += length;
      continue;
    }
    cells.from[cell] = now;
    now += length;
    cells.to[cell] = now;
    cells.state[cell] = state;
    if (state === MIXED) {
      cells.mixedAt[cell] = cells.sums.length;
      readMixed(number(), length, number, cells.sums, states);
    }
    cells.wait[cell] = tag & WAIT_FOLLOWS ? number() : 0;
    cells.size++;
  }
  return cells;
}

function readMixed(set, length, number, sums, states) {
  const last = 31 - Math.clz32(set);
  let rest = length;
  for (let state = 0; state < states; state++) {
    let ns = 0;
    if (set & (1 << state)) {
      ns = state === last ? rest : number();
      rest -= ns;
    }
    sums.push(ns);
  }
}

/** The first cell that ends after `ns`. */
export function firstAfter(cells, ns) {
  let low = 0;
  let high = cells.size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells.to[middle] > ns) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** How long the thread was in each state in all its cells. */
export function sumsOf(cells, states) {
  const sums = new Array(states).fill(0);
  for (let cell = 0; cell < cells.size; cell++) {
    if (cells.state[cell] === MIXED) {
      for (let state = 0; state < states; state++) {
        sums[state] += cells.sums[cells.mixedAt[cell] + state];
      }
    } else {
      sums[cells.state[cell]] += cells.to[cell] - cells.from[cell];
    }
  }
  return sums;
}
