// Tables that are sorted by a click on a head, filtered by typing, and show the first rows until asked for all.

import { button, el } from './dom.js';
import { count } from './units.js';

const FIRST_ROWS = 20;
const MORE_ROWS = 500;

/**
 * @param all columns, each with `head`, `title`, `cell(row)` giving nodes, `value(row)` to sort by, `number` where it is one, and
 *   `rare` where it is left out when it is 0 in all rows
 * @param options `title`, `rows`, `sortBy` (number of the column), `text(row)` to filter by, `target(row)` the link of a row
 */
export function table(section, all, options) {
  const { rows, text, title, id } = options;
  const columns = all.filter((column) => !column.rare || rows.some((row) => column.value(row) > 0));
  let sortBy = options.sortBy;
  let down = columns[sortBy].number ?? false;
  let limit = FIRST_ROWS;
  let words = '';

  const body = el('tbody');
  const foot = el('div', { class: 'more' });
  const heads = columns.map((column, index) => {
    const head = button(column.head, column.title ?? `sort by ${column.head}`, () => {
      down = sortBy === index ? !down : (column.number ?? false);
      sortBy = index;
      draw();
    });
    return el('th', { scope: 'col', class: column.number ? 'number' : null }, head);
  });
  const search = el('input', { type: 'search', placeholder: 'filter', 'aria-label': `filter ${title}`, spellcheck: 'false' });
  search.addEventListener('input', () => {
    words = search.value.trim().toLowerCase();
    draw();
  });
  section.append(
    el(
      'div',
      { class: 'title' },
      el('h2', { id: `${id}-title` }, title),
      el('span', { class: 'count' }, count(rows.length)),
      search,
    ),
    el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, el('tr', {}, heads)), body)),
    foot,
  );

  function sorted() {
    const value = columns[sortBy].value;
    const found = words ? rows.filter((row) => text(row).toLowerCase().includes(words)) : [...rows];
    const sign = down ? -1 : 1;
    return found.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return sign * (typeof x === 'string' ? x.localeCompare(y) : x - y);
    });
  }

  function draw() {
    heads.forEach((head, index) => head.setAttribute('aria-sort', index !== sortBy ? 'none' : down ? 'descending' : 'ascending'));
    const found = sorted();
    const shown = found.length <= limit + 1 ? found : found.slice(0, limit);
    body.replaceChildren(
      ...shown.map((row) =>
        el(
          'tr',
          { 'data-id': options.rowId?.(row) },
          columns.map((column) =>
            el('td', { class: [column.number ? 'number' : '', column.class ?? ''].join(' ') }, column.cell(row)),
          ),
        ),
      ),
    );
    const rest = found.length - shown.length;
    foot.replaceChildren(
      rest > 0
        ? button(`${count(rest)} more`, 'show more rows', () => {
            limit += MORE_ROWS;
            draw();
          })
        : '',
    );
  }

  draw();
  return {
    /** Shows only rows with that text. */
    filter(value) {
      search.value = value;
      words = value.toLowerCase();
      draw();
    },
  };
}
