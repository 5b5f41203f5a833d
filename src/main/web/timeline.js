// What every thread did and when, who woke whom, and the critical path over it; zoomed and moved by hand, wheel and keys.

import { MIXED, firstAfter } from './cells.js';
import { button, el } from './dom.js';
import { AXIS, ROW, drawTimeline } from './draw.js';
import { coloursOf } from './paint.js';
import { STATES, STATE_ORDER, STATE_WORDS, awaited, nameOf, rows, stretches, summary } from './model.js';
import { to } from './routes.js';
import { count, moment, percent, time } from './units.js';

const MOST_HEIGHT = 520;
const LEAST_VIEW_NS = 200;
const STEP = 0.15;
/** More rows than that are shown busiest first. */
const MANY = 40;

const wholeNs = Math.max(1, summary.durationNs);

/** A stretch in words. */
export function stretchWords(row, cell) {
  const cells = row.decoded;
  const length = time(cells.to[cell] - cells.from[cell]);
  if (cells.state[cell] === MIXED) {
    const parts = STATE_ORDER.map((state) => [state, cells.sums[cells.mixedAt[cell] + STATES.indexOf(state)]])
      .filter(([, ns]) => ns > 0)
      .map(([state, ns]) => `${STATE_WORDS[state]} ${percent(ns, cells.to[cell] - cells.from[cell])}`);
    return `${length}: ${parts.join(', ')}`;
  }
  const wait = awaited[cells.wait[cell]];
  const what = STATE_WORDS[STATES[cells.state[cell]]];
  if (!wait) {
    return `${what}, ${length}`;
  }
  const object = wait.object || wait.kind;
  const waker = wait.wakerPid ? `, ended by ${nameOf(wait.wakerComm, wait.wakerPid)}` : '';
  return `${what}, ${length}: ${object}${wait.syscall ? ` in ${wait.syscall}` : ''}${waker}`;
}

/** Process after process, each with its first thread before the others. */
function ordered() {
  const busy = (row) => (row.process?.states.runningNs ?? 0) + (row.process?.states.runnableNs ?? 0);
  const byStart = (a, b) =>
    (a.process?.startNs ?? 0) - (b.process?.startNs ?? 0) || a.pid - b.pid || b.isLeader - a.isLeader || a.index - b.index;
  return [...rows].sort(rows.length > MANY ? (a, b) => busy(b) - busy(a) || byStart(a, b) : byStart);
}

export class Timeline {
  constructor(section) {
    this.path = [];
    this.all = ordered();
    this.shown = this.all;
    this.view = { from: 0, to: wholeNs };
    this.cursor = { row: 0, ns: wholeNs / 2, on: false };
    this.marked = null;
    this.build(section);
    this.listen();
    this.fit();
  }

  build(section) {
    this.canvas = el('canvas', {
      tabindex: 0,
      role: 'application',
      'aria-roledescription': 'timeline',
      'aria-describedby': 'timeline-status',
      'aria-label':
        'What each thread did. Left and right move, plus and minus zoom, up and down choose a thread, Enter shows the evidence.',
    });
    this.labels = el('div', { class: 'labels' });
    this.spacer = el('div', { class: 'spacer' });
    this.plot = el('div', { class: 'plot' }, this.canvas, this.spacer);
    this.scroller = el('div', { class: 'scroller' }, this.labels, this.plot);
    this.status = el('p', { id: 'timeline-status', class: 'status' }, ' ');
    this.range = el('output', { class: 'range' });
    const search = el('input', {
      type: 'search',
      placeholder: 'filter threads',
      'aria-label': 'filter threads',
      spellcheck: 'false',
    });
    search.addEventListener('input', () => this.filter(search.value));
    this.pathLegend = el('li', { hidden: true });
    const legend = el(
      'ul',
      { class: 'legend', 'aria-label': 'states' },
      STATE_ORDER.filter((state) => this.isThere(state)).map((state) =>
        el('li', {}, el('span', { class: `swatch fill-${state}` }), STATE_WORDS[state]),
      ),
      this.pathLegend,
    );
    section.append(
      el(
        'div',
        { class: 'title' },
        el('h2', { id: 'timeline-title' }, 'Timeline'),
        el('span', { class: 'count' }, count(rows.length)),
        search,
        this.range,
        button('−', 'zoom out (-)', () => this.zoom(2), { id: 'zoom-out' }),
        button('+', 'zoom in (+)', () => this.zoom(0.5), { id: 'zoom-in' }),
        button('fit', 'the whole trace (0)', () => this.show(0, wholeNs), { id: 'zoom-fit' }),
      ),
      legend,
      this.scroller,
      this.status,
      ...this.remarks(),
    );
  }

  remarks() {
    const words = [];
    if (stretches.quantumNs > 0) {
      words.push(`What is shorter than ${time(stretches.quantumNs)} is drawn as its share of so long a stretch.`);
    }
    if (stretches.leftOut > 0) {
      words.push(
        `${count(stretches.leftOut)} threads that lived shortest are left out here, not in the tables: together ${time(
          stretches.leftOutNs.reduce((a, b) => a + b, 0),
        )}.`,
      );
    }
    return words.map((text) => el('p', { class: 'faint' }, text));
  }

  isThere(state) {
    const field = { running: 'runningNs', runnable: 'runnableNs', throttled: 'throttledNs', unknown: 'unknownNs' }[state];
    return summary.processes.some(({ states }) => (field ? states[field] : states.blockedBy[state]) > 0);
  }

  listen() {
    new ResizeObserver(() => this.fit()).observe(this.plot);
    this.scroller.addEventListener('scroll', () => this.later());
    this.canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.canvas.addEventListener('pointerdown', (event) => this.press(event));
    this.canvas.addEventListener('pointermove', (event) => this.hover(event));
    this.canvas.addEventListener('pointerleave', () => this.tell(''));
    this.canvas.addEventListener('dblclick', (event) => this.zoom(0.25, this.nsAt(event.offsetX)));
    this.canvas.addEventListener('keydown', (event) => this.key(event));
    this.canvas.addEventListener('focus', () => this.later());
    this.canvas.addEventListener('blur', () => this.later());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.recolour());
  }

  filter(words) {
    const wanted = words.trim().toLowerCase();
    this.shown = this.all.filter((row) => `${row.whose} ${row.name}`.toLowerCase().includes(wanted));
    this.cursor.row = 0;
    this.fit();
  }

  /** Draws a critical path over the threads. */
  showPath(path, name) {
    this.path = path;
    this.pathLegend.hidden = path.length === 0;
    this.pathLegend.replaceChildren(el('span', { class: 'swatch path' }), `critical path of ${name}`);
    this.later();
  }

  recolour() {
    this.colours = coloursOf(this.plot);
    this.later();
  }

  /** Takes the room that there is. */
  fit() {
    const height = Math.max(ROW, this.shown.length * ROW);
    this.scroller.style.height = `${Math.min(MOST_HEIGHT, height + AXIS)}px`;
    this.spacer.style.height = `${height + AXIS}px`;
    this.width = this.plot.clientWidth;
    this.height = Math.min(MOST_HEIGHT, height + AXIS);
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.recolour();
  }

  later() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.draw();
    });
  }

  nsAt(x) {
    return this.view.from + (x / this.width) * (this.view.to - this.view.from);
  }

  xOf(ns) {
    return ((ns - this.view.from) / (this.view.to - this.view.from)) * this.width;
  }

  rowAt(y) {
    return Math.floor((y - AXIS + this.scroller.scrollTop) / ROW);
  }

  /** Shows a stretch of time, no shorter than can be told apart, within the trace. */
  show(from, end) {
    const length = Math.min(wholeNs, Math.max(LEAST_VIEW_NS, end - from));
    const begin = Math.max(0, Math.min(wholeNs - length, from + (end - from - length) / 2));
    this.view = { from: begin, to: begin + length };
    this.later();
  }

  zoom(factor, aboutNs = (this.view.from + this.view.to) / 2) {
    const { from, to: end } = this.view;
    const length = Math.min(wholeNs, Math.max(LEAST_VIEW_NS, (end - from) * factor));
    const left = aboutNs - ((aboutNs - from) / (end - from)) * length;
    this.show(left, left + length);
  }

  move(part) {
    const by = part * (this.view.to - this.view.from);
    this.show(this.view.from + by, this.view.to + by);
  }

  /** Shows a stretch of a thread with some of what is around it, and marks it. */
  goTo(row, from, end) {
    if (!this.shown.includes(row)) {
      this.shown = this.all;
      this.fit();
    }
    const at = this.shown.indexOf(row);
    const around = Math.max(LEAST_VIEW_NS, (end - from) * 0.75);
    this.marked = { row, from, to: end };
    this.cursor = { row: at, ns: (from + end) / 2, on: true };
    this.show(from - around, end + around);
    this.reveal(at);
    this.scroller.scrollIntoView({ block: 'nearest' });
  }

  reveal(at) {
    const top = at * ROW;
    const room = this.height - AXIS;
    if (top < this.scroller.scrollTop || top + ROW > this.scroller.scrollTop + room) {
      this.scroller.scrollTop = Math.max(0, top - room / 2);
    }
  }

  wheel(event) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.zoom(1.0015 ** event.deltaY, this.nsAt(event.offsetX));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.move((event.deltaX || event.deltaY) / this.width);
    }
  }

  press(event) {
    const start = { x: event.offsetX, view: this.view };
    this.canvas.setPointerCapture(event.pointerId);
    const drag = (moved) => {
      const by = ((start.x - moved.offsetX) / this.width) * (start.view.to - start.view.from);
      this.dragged ||= Math.abs(start.x - moved.offsetX) > 3;
      if (this.dragged) {
        this.show(start.view.from + by, start.view.to + by);
      }
    };
    const up = (end) => {
      this.canvas.removeEventListener('pointermove', drag);
      if (!this.dragged) {
        this.pick(this.rowAt(end.offsetY), this.nsAt(end.offsetX));
      }
      this.dragged = false;
    };
    this.canvas.addEventListener('pointermove', drag);
    this.canvas.addEventListener('pointerup', up, { once: true });
  }

  hover(event) {
    const row = this.shown[this.rowAt(event.offsetY)];
    if (row && event.offsetY > AXIS) {
      this.tellOf(row, this.nsAt(event.offsetX));
    }
  }

  tellOf(row, ns) {
    const cell = firstAfter(row.decoded, ns);
    const isThere = cell < row.decoded.size && row.decoded.from[cell] <= ns;
    const thread = row.isLeader ? row.name : `${row.name} of ${row.whose}`;
    this.tell(
      `${moment(ns, (this.view.to - this.view.from) / 1000)}  ${thread}: ${isThere ? stretchWords(row, cell) : 'not there'}`,
    );
  }

  tell(words) {
    this.status.textContent = words || ' ';
  }

  pick(at, ns) {
    const row = this.shown[at];
    const cell = row ? firstAfter(row.decoded, ns) : 0;
    if (row && cell < row.decoded.size && row.decoded.from[cell] <= ns) {
      this.cursor = { row: at, ns, on: true };
      this.marked = { row, from: row.decoded.from[cell], to: row.decoded.to[cell] };
      history.replaceState(null, '', to('stretch', row.index, row.decoded.from[cell]));
      dispatchEvent(new Event('hashchange'));
      this.later();
    }
  }

  key(event) {
    const actions = {
      ArrowLeft: () => this.moveCursor(-STEP),
      ArrowRight: () => this.moveCursor(STEP),
      ArrowUp: () => this.choose(-1),
      ArrowDown: () => this.choose(1),
      '+': () => this.zoom(0.5, this.cursor.ns),
      '=': () => this.zoom(0.5, this.cursor.ns),
      '-': () => this.zoom(2, this.cursor.ns),
      0: () => this.show(0, wholeNs),
      Home: () => this.show(0, this.view.to - this.view.from),
      End: () => this.show(wholeNs - (this.view.to - this.view.from), wholeNs),
      '[': () => this.neighbour(-1),
      ']': () => this.neighbour(1),
      Enter: () => this.pick(this.cursor.row, this.cursor.ns),
    };
    const action = event.ctrlKey || event.metaKey || event.altKey ? null : actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }

  /** Moves the cursor, and the view when it would leave it. */
  moveCursor(part) {
    const length = this.view.to - this.view.from;
    this.place(Math.max(0, Math.min(wholeNs, this.cursor.ns + (part * length) / 3)));
  }

  place(ns) {
    const length = this.view.to - this.view.from;
    this.cursor.ns = ns;
    this.cursor.on = true;
    if (ns < this.view.from || ns > this.view.to) {
      this.show(ns - length / 2, ns + length / 2);
    }
    const row = this.shown[this.cursor.row];
    if (row) {
      this.tellOf(row, ns);
    }
    this.later();
  }

  choose(by) {
    this.cursor.row = Math.max(0, Math.min(this.shown.length - 1, this.cursor.row + by));
    this.reveal(this.cursor.row);
    this.place(Math.max(this.view.from, Math.min(this.view.to, this.cursor.ns)));
  }

  /** The next stretch of the chosen thread, or the one before. */
  neighbour(by) {
    const cells = this.shown[this.cursor.row]?.decoded;
    const cell = cells ? firstAfter(cells, this.cursor.ns) + by : -1;
    if (cells && cell >= 0 && cell < cells.size) {
      this.place((cells.from[cell] + cells.to[cell]) / 2);
    }
  }

  draw() {
    drawTimeline(this);
  }
}
