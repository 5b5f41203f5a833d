// Where the processes of the graph stand: who waits to the left of whom it waits for, as far as they do not wait in a circle.

const SWEEPS = 6;

/** Gives each node a layer and a place in it. Edges that go back are marked; the longest waits decide which these are. */
export function layers(nodes, edges) {
  const next = new Map(nodes.map((node) => [node.key, []]));
  const reaches = (from, whom, met = new Set()) => {
    met.add(from);
    return from === whom || next.get(from).some((key) => !met.has(key) && reaches(key, whom, met));
  };
  for (const edge of edges) {
    edge.back = reaches(edge.to.key, edge.from.key);
    if (!edge.back) {
      next.get(edge.from.key).push(edge.to.key);
    }
  }
  const depth = new Map();
  const before = new Map(nodes.map((node) => [node.key, []]));
  next.forEach((keys, key) => keys.forEach((one) => before.get(one).push(key)));
  const depthOf = (key) => {
    if (!depth.has(key)) {
      depth.set(
        key,
        before.get(key).reduce((most, one) => Math.max(most, depthOf(one) + 1), 0),
      );
    }
    return depth.get(key);
  };
  const found = [];
  for (const node of nodes) {
    node.layer = depthOf(node.key);
    (found[node.layer] ??= []).push(node);
  }
  order(found, next, before);
  return found;
}

/** Moves each node to the middle of those that it is connected with, from left to right and back again. */
function order(found, next, before) {
  const place = new Map();
  const number = () => found.forEach((layer) => layer.forEach((node, at) => place.set(node.key, at - (layer.length - 1) / 2)));
  number();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const neighbours = sweep % 2 === 0 ? before : next;
    for (const layer of found) {
      const middle = new Map(
        layer.map((node) => {
          const around = neighbours.get(node.key).map((key) => place.get(key));
          return [node.key, around.length === 0 ? place.get(node.key) : around.reduce((a, b) => a + b, 0) / around.length];
        }),
      );
      layer.sort((a, b) => middle.get(a.key) - middle.get(b.key));
      number();
    }
  }
}
