// One row of the timeline on a canvas: exact where there is room, in proportion where a column of pixels holds several states.

import { MIXED, firstAfter } from './cells.js';
import { STATES, STATE_ORDER } from './model.js';

/** What is at the bottom of a stack comes first. */
const STACK = STATE_ORDER.map((state) => STATES.indexOf(state)).filter((state) => state >= 0);
/** Time on a CPU and in its queue is news however short it was. */
const LEAST_PX = 1;
const NEWS = 3;

/** What each state is drawn with, as the style has it. */
export function coloursOf(node) {
  const probe = document.createElement('i');
  node.append(probe);
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = { states: STATES.map((state) => colour(`state-${state}`)) };
  for (const name of ['ink', 'faint', 'line', 'surface', 'path', 'arrow', 'accent', 'band']) {
    colours[name] = colour(name);
  }
  probe.remove();
  return colours;
}

/** Draws what a thread did between `view.from` and `view.to` into a row of `height` at `y`; all in pixels of the canvas. */
export function paintRow(context, cells, view, y, width, height, colours) {
  const scale = width / (view.to - view.from);
  const sums = new Float64Array(STATES.length);
  let column = -1;

  const stack = (x, columns, whole) => {
    let top = y + height;
    let total = 0;
    for (let i = 0; i < STACK.length; i++) {
      const part = sums[STACK[i]];
      if (part > 0) {
        total += part;
        const tall = Math.max(i < NEWS ? LEAST_PX : 0, (part / whole) * height);
        context.fillStyle = colours.states[STACK[i]];
        context.fillRect(x, Math.max(y, top - tall), columns, Math.min(tall, top - y));
        top -= tall;
      }
    }
    return total;
  };
  const flush = () => {
    if (column >= 0) {
      stack(column, 1, 1);
      sums.fill(0);
    }
    column = -1;
  };
  const add = (cell, px) => {
    if (cells.state[cell] !== MIXED) {
      sums[cells.state[cell]] += px;
      return;
    }
    const length = cells.to[cell] - cells.from[cell];
    for (let state = 0; state < STATES.length; state++) {
      sums[state] += (px * cells.sums[cells.mixedAt[cell] + state]) / length;
    }
  };
  const wide = (cell, from, to) => {
    if (cells.state[cell] === MIXED) {
      add(cell, 1);
      stack(from, to - from, 1);
      sums.fill(0);
    } else {
      context.fillStyle = colours.states[cells.state[cell]];
      context.fillRect(from, y, to - from, height);
    }
  };

  for (let cell = firstAfter(cells, view.from); cell < cells.size && cells.from[cell] < view.to; cell++) {
    const from = Math.max(0, (cells.from[cell] - view.from) * scale);
    const to = Math.min(width, (cells.to[cell] - view.from) * scale);
    const first = Math.floor(from);
    const last = Math.floor(to);
    if (first !== column) {
      flush();
      column = first;
    }
    if (first === last) {
      add(cell, to - from);
      continue;
    }
    add(cell, first + 1 - from);
    flush();
    if (last > first + 1) {
      wide(cell, first + 1, last);
    }
    if (last < width) {
      column = last;
      add(cell, to - last);
    }
  }
  flush();
}

/** Where round times stand on the axis. */
export function ticksOf(view, width, leastPx) {
  const raw = ((view.to - view.from) * leastPx) / width;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw);
  const ticks = [];
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
    ticks.push(at);
  }
  return { step, ticks };
}
