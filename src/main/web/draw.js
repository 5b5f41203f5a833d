// What the timeline shows, on its canvas and beside it.

import { MIXED, firstAfter } from './cells.js';
import { el } from './dom.js';
import { awaited, wakerRow } from './model.js';
import { paintRow, ticksOf } from './paint.js';
import { to } from './routes.js';
import { moment } from './units.js';

/** Heights, in pixels of the page. */
export const ROW = 20;
export const AXIS = 22;
const BAR = 14;
const MOST_ARROWS = 250;
/** A path that changes more often is drawn as if it did not. */
const LEAST_STEP_PX = 0.5;

/** All of it anew: only what is in sight. */
export function drawTimeline(timeline) {
  const context = timeline.canvas.getContext('2d');
  const ratio = devicePixelRatio || 1;
  const top = timeline.scroller.scrollTop;
  const first = Math.floor(top / ROW);
  const last = Math.min(timeline.shown.length, Math.ceil((top + timeline.height - AXIS) / ROW));
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, timeline.canvas.width, timeline.canvas.height);
  for (let at = first; at < last; at++) {
    const y = Math.round((AXIS + at * ROW - top + (ROW - BAR) / 2) * ratio);
    paintRow(
      context,
      timeline.shown[at].decoded,
      timeline.view,
      y,
      timeline.canvas.width,
      Math.round(BAR * ratio),
      timeline.colours,
    );
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  drawPath(timeline, context, top);
  drawArrows(timeline, context, top, first, last);
  drawMarks(timeline, context, top);
  drawAxis(timeline, context);
  drawLabels(timeline, first, last);
  const step = (timeline.view.to - timeline.view.from) / 100;
  timeline.range.value = `${moment(timeline.view.from, step)} – ${moment(timeline.view.to, step)}`;
  timeline.canvas.dataset.from = timeline.view.from;
  timeline.canvas.dataset.to = timeline.view.to;
}

function yOf(timeline, at, top) {
  return AXIS + at * ROW - top + ROW / 2;
}

function drawAxis(timeline, context) {
  const { step, ticks } = ticksOf(timeline.view, timeline.width, 110);
  context.fillStyle = timeline.colours.surface;
  context.fillRect(0, 0, timeline.width, AXIS);
  context.font = '11px system-ui, sans-serif';
  context.fillStyle = timeline.colours.faint;
  context.strokeStyle = timeline.colours.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const tick of ticks) {
    const x = Math.round(timeline.xOf(tick)) + 0.5;
    context.moveTo(x, AXIS - 6);
    context.lineTo(x, AXIS);
    const text = moment(tick, step);
    const room = context.measureText(text).width;
    context.fillText(text, Math.min(timeline.width - room - 2, Math.max(2, x - room / 2)), 12);
  }
  context.moveTo(0, AXIS - 0.5);
  context.lineTo(timeline.width, AXIS - 0.5);
  context.stroke();
}

function drawLabels(timeline, first, last) {
  const labels = [];
  for (let at = first; at < last; at++) {
    const row = timeline.shown[at];
    const label = el(
      'a',
      {
        href: row.process ? to('process', row.process.key) : to('stretch', row.index, row.fromNs),
        class: row.isLeader ? 'label' : 'label thread',
        title: row.isLeader ? row.name : `${row.name} of ${row.whose}`,
      },
      row.name,
    );
    label.style.top = `${AXIS + at * ROW}px`;
    label.classList.toggle('chosen', timeline.cursor.on && timeline.cursor.row === at);
    labels.push(label);
  }
  timeline.labels.replaceChildren(...labels);
}

/** Who ended the longest waits that are in sight, where there is room to see it. */
function drawArrows(timeline, context, top, first, last) {
  const places = new Map(timeline.shown.map((row, at) => [row, at]));
  const leastNs = (6 / timeline.width) * (timeline.view.to - timeline.view.from);
  const arrows = [];
  for (let at = first; at < last; at++) {
    const cells = timeline.shown[at].decoded;
    for (let cell = firstAfter(cells, timeline.view.from); cell < cells.size && cells.to[cell] <= timeline.view.to; cell++) {
      const wait = awaited[cells.wait[cell]];
      const length = cells.to[cell] - cells.from[cell];
      if (length >= leastNs && cells.state[cell] !== MIXED && wait?.woken && wait.wakerTid) {
        const from = places.get(wakerRow(wait, cells.to[cell]));
        if (from !== undefined && from !== at) {
          arrows.push({ from, at, ns: cells.to[cell], length });
        }
      }
    }
  }
  arrows.sort((a, b) => b.length - a.length);
  context.strokeStyle = timeline.colours.arrow;
  context.fillStyle = timeline.colours.arrow;
  context.lineWidth = 1;
  for (const arrow of arrows.slice(0, MOST_ARROWS)) {
    const x = Math.round(timeline.xOf(arrow.ns)) + 0.5;
    const down = arrow.at > arrow.from ? 1 : -1;
    const end = yOf(timeline, arrow.at, top) - (down * BAR) / 2;
    context.globalAlpha = 0.55;
    context.beginPath();
    context.moveTo(x, Math.max(AXIS, yOf(timeline, arrow.from, top)));
    context.lineTo(x, end);
    context.stroke();
    context.beginPath();
    context.moveTo(x, end + down * 3);
    context.lineTo(x - 3, end - down * 3);
    context.lineTo(x + 3, end - down * 3);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** A line below the rows that it goes along, and a thinner one from each to the next. */
function drawPath(timeline, context, top) {
  const places = new Map(timeline.shown.map((row, at) => [row, at]));
  const along = new Path2D();
  const across = new Path2D();
  let before = null;
  let drawnTo = -Infinity;
  for (const stretch of timeline.path) {
    const at = places.get(stretch.row);
    if (at === undefined || stretch.to < timeline.view.from || stretch.from > timeline.view.to) {
      before = null;
      continue;
    }
    const x = Math.max(-5, timeline.xOf(stretch.from));
    const end = Math.min(timeline.width + 5, timeline.xOf(stretch.to));
    if (end - drawnTo < LEAST_STEP_PX) {
      continue;
    }
    const y = yOf(timeline, at, top) + BAR / 2 + 1;
    if (before !== null && before !== y) {
      across.moveTo(x, before);
      across.lineTo(x, y);
    }
    along.moveTo(x, y);
    along.lineTo(Math.max(end, x + LEAST_STEP_PX), y);
    before = y;
    drawnTo = end;
  }
  context.strokeStyle = timeline.colours.path;
  context.lineWidth = 3;
  context.stroke(along);
  context.lineWidth = 1;
  context.globalAlpha = 0.6;
  context.stroke(across);
  context.globalAlpha = 1;
}

function drawMarks(timeline, context, top) {
  const at = timeline.marked ? timeline.shown.indexOf(timeline.marked.row) : -1;
  if (at >= 0) {
    const x = Math.max(-4, timeline.xOf(timeline.marked.from));
    const end = Math.min(timeline.width + 4, timeline.xOf(timeline.marked.to));
    context.strokeStyle = timeline.colours.ink;
    context.lineWidth = 2;
    context.strokeRect(x - 1, yOf(timeline, at, top) - BAR / 2 - 1, Math.max(3, end - x + 2), BAR + 2);
  }
  if (timeline.cursor.on && document.activeElement === timeline.canvas) {
    const x = Math.round(timeline.xOf(timeline.cursor.ns)) + 0.5;
    context.strokeStyle = timeline.colours.accent;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, AXIS);
    context.lineTo(x, timeline.height);
    context.stroke();
    context.strokeRect(0.5, yOf(timeline, timeline.cursor.row, top) - ROW / 2 + 0.5, timeline.width - 1, ROW - 1);
  }
}
