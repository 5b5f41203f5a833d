// Nodes are made here and nowhere else: text is text, whatever a traced program is called.

const SVG = 'http://www.w3.org/2000/svg';

/** Text in which what has no shape, or turns the direction of writing, is written out. */
export function shown(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
  const there = children.flat(3).filter((child) => child !== null && child !== undefined);
  node.append(...there.map((child) => (child instanceof Node ? child : shown(String(child)))));
  return node;
}

export function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

export function button(label, title, action, attributes) {
  const node = el('button', { type: 'button', title, ...attributes }, label);
  node.addEventListener('click', action);
  return node;
}

/** Text in pieces, each with its tone. */
export function telling(pieces) {
  return pieces.map(([text, tone]) => (tone === 'plain' ? text : el('span', { class: `tone-${tone}` }, text)));
}
