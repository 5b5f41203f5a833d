// Who waits for whom, from left to right; an edge is as wide as the time that was waited is long.

import { el, svg } from './dom.js';
import { layers } from './layers.js';
import { edges, processByKey, summary } from './model.js';
import { to } from './routes.js';
import { plural, time } from './units.js';

const MOST_NODES = 24;
const WIDTH = 168;
const HEIGHT = 38;
const ACROSS = 132;
const DOWN = 26;
const WIDEST = 18;
const LEAST = 1.2;
const NAME = 22;
/** Of the widest edge; what is less is told only of the edge that is looked at. */
const WORTH_A_FIGURE = 0.01;

function short(name) {
  return name.length <= NAME ? name : `${name.slice(0, NAME - 9)}…${name.slice(-8)}`;
}

/** The processes that most time was waited for or by, with what is between them. */
function chosen() {
  const ns = new Map();
  const nodes = new Map();
  for (const edge of edges) {
    for (const node of [edge.from, edge.to]) {
      nodes.set(node.key, { ...node });
      ns.set(node.key, (ns.get(node.key) ?? 0) + edge.awaitedNs);
    }
  }
  const most = [...nodes.values()].sort((a, b) => ns.get(b.key) - ns.get(a.key)).slice(0, MOST_NODES);
  const kept = new Map(most.map((node) => [node.key, node]));
  return {
    nodes: most,
    edges: edges.filter((edge) => kept.has(edge.from.key) && kept.has(edge.to.key)),
    leftOut: nodes.size - most.length,
  };
}

function place(found) {
  const tallest = Math.max(...found.map((layer) => layer.length));
  const height = tallest * (HEIGHT + DOWN) - DOWN;
  found.forEach((layer, across) => {
    const top = (height - (layer.length * (HEIGHT + DOWN) - DOWN)) / 2;
    layer.forEach((node, at) => {
      node.x = across * (WIDTH + ACROSS);
      node.y = top + at * (HEIGHT + DOWN);
    });
  });
  return height;
}

/** From the right side of who waits to the left one of whom it waits for; what goes back goes a little lower, the other way. */
function way(from, whom, back) {
  const low = back ? 10 : 0;
  const [x1, y1] = [back ? from.x : from.x + WIDTH, from.y + HEIGHT / 2 + low];
  const [x2, y2] = [back ? whom.x + WIDTH : whom.x, whom.y + HEIGHT / 2 + low];
  const sign = back ? -1 : 1;
  const bend = sign * Math.max(50, Math.abs(x2 - x1) / 2);
  return {
    d: `M${x1} ${y1}C${x1 + bend} ${y1},${x2 - bend - sign * 7} ${y2},${x2 - sign * 7} ${y2}`,
    x: (x1 + x2) / 2,
    y: (y1 + y2) / 2,
    sign,
    head: [x2, y2, sign],
  };
}

function head([x, y, sign], wide) {
  const half = Math.max(4, wide / 2 + 2);
  return `M${x} ${y}L${x - sign * 8} ${y - half}L${x - sign * 8} ${y + half}Z`;
}

function edgeNodes(edge, byKey, most, culprit) {
  const wide = Math.max(LEAST, (WIDEST * edge.awaitedNs) / most);
  const line = way(byKey.get(edge.from.key), byKey.get(edge.to.key), edge.back);
  const look = `edge${edge.to.pid === culprit ? ' culprit' : ''}${2 * edge.sureNs < edge.totalNs ? ' doubtful' : ''}`;
  const words = `${edge.from.name} waited ${time(edge.totalNs)} for ${edge.to.name}, ${plural(edge.count, 'time', 'times')}${
    edge.idleNs > 0 ? `; ${time(edge.idleNs)} of it had nothing to do` : ''
  }`;
  const link = svg(
    'a',
    { href: to('edge', edge.id), class: 'edge-link', 'aria-label': words },
    svg('title', {}, words),
    svg('path', { d: line.d, class: look, 'stroke-width': wide }),
    svg('path', { d: head(line.head, wide), class: `${look} head` }),
  );
  return {
    link,
    text:
      edge.awaitedNs < WORTH_A_FIGURE * most
        ? null
        : svg(
            'text',
            {
              x: line.x,
              y: line.sign > 0 ? line.y - wide / 2 - 4 : line.y + wide / 2 + 12,
              class: 'edge-text',
              'text-anchor': 'middle',
            },
            time(edge.awaitedNs),
          ),
  };
}

function nodeOf(node, culprit) {
  const process = processByKey.get(node.key);
  const box = svg(
    'g',
    { class: node.pid === culprit ? 'node culprit' : 'node', transform: `translate(${node.x} ${node.y})` },
    svg('rect', { width: WIDTH, height: HEIGHT, rx: 6 }),
    svg('text', { x: 10, y: 16 }, short(node.name)),
    svg('text', { x: 10, y: 31, class: 'small' }, process ? `on a CPU ${time(process.states.runningNs)}` : 'not observed'),
  );
  return process ? svg('a', { href: to('process', node.key), 'aria-label': node.name }, box) : box;
}

export function drawGraph(section) {
  if (edges.length === 0) {
    return;
  }
  const graph = chosen();
  const found = layers(graph.nodes, graph.edges);
  const height = place(found) + 8;
  const byKey = new Map(graph.nodes.map((node) => [node.key, node]));
  const culprit = summary.verdict?.bottleneck?.pid;
  const most = Math.max(1, ...graph.edges.map((edge) => edge.awaitedNs));
  const drawn = graph.edges.map((edge) => edgeNodes(edge, byKey, most, culprit)).reverse();
  const width = found.length * (WIDTH + ACROSS) - ACROSS;
  section.append(
    el(
      'div',
      { class: 'title' },
      el('h2', { id: 'graph-title' }, 'Who waits for whom'),
      el('span', { class: 'count' }, plural(edges.length, 'edge', 'edges')),
    ),
    el(
      'div',
      { class: 'scroll' },
      svg(
        'svg',
        { class: 'graph', width: width + 8, height: height + 16, viewBox: `-4 -12 ${width + 8} ${height + 16}` },
        drawn.map((edge) => edge.link),
        graph.nodes.map((node) => nodeOf(node, culprit)),
        drawn.map((edge) => edge.text),
      ),
    ),
    el(
      'p',
      { class: 'faint' },
      'From who waits to who is waited for; as wide as the time is long. Dashed: less than half of it is proved.',
      graph.leftOut > 0 ? ` ${plural(graph.leftOut, 'process', 'processes')} with less are left out.` : '',
    ),
  );
}
