// Puts the page together, and follows its links.

import { button, el } from './dom.js';
import { drawCalls, drawProcesses, drawWaits } from './tables.js';
import { firstAfter } from './cells.js';
import { drawGraph } from './graph.js';
import { pathOf } from './path.js';
import { here, to } from './routes.js';
import { processByPid, processes, rows, story, summary } from './model.js';
import { count, time } from './units.js';
import { showEvidence } from './evidence.js';
import { Timeline } from './timeline.js';
import { drawVerdict } from './verdict.js';

const section = (id) => document.getElementById(id);
const THEMES = ['auto', 'light', 'dark'];
const KEPT = 'ktrace-theme';

/** Where nothing may be kept, as in a page from a file in some browsers, nothing is. */
function kept() {
  try {
    return THEMES.includes(localStorage.getItem(KEPT)) ? localStorage.getItem(KEPT) : 'auto';
  } catch {
    return 'auto';
  }
}

function keep(theme) {
  try {
    localStorage.setItem(KEPT, theme);
  } catch {
    // It lasts as long as the page is open.
  }
}

function drawHead(themed) {
  let theme = kept();
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    change.textContent = { auto: '◐ auto', light: '○ light', dark: '● dark' }[theme];
    themed();
  };
  const change = button(
    '',
    'light, dark, or as the system has it',
    () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      keep(theme);
      apply();
    },
    { id: 'theme' },
  );
  document.title = `${story.name} – ktrace`;
  const facts = [
    summary.collector === 'trace' ? 'recorded trace' : summary.collector,
    time(summary.durationNs),
    `${count(summary.events)} events`,
    summary.lost === 0 ? '0 lost' : `${count(summary.lost)} LOST`,
    summary.startTime ? summary.startTime.replace('T', ' ').replace(/\..*/, ' UTC') : null,
  ];
  section('head').append(
    el(
      'div',
      { class: 'what' },
      el('h1', {}, 'ktrace ', el('span', {}, story.name)),
      el('p', { class: 'faint' }, facts.filter(Boolean).join(' · ')),
    ),
    el(
      'nav',
      { 'aria-label': 'sections' },
      ['timeline', 'graph', 'waits', 'processes', 'calls', 'notes']
        .filter((id) => section(id).childElementCount > 0)
        .map((id) => el('a', { href: `#${id}` }, id)),
    ),
    change,
  );
  apply();
}

function drawNotes(notes) {
  notes.append(el('h2', { id: 'notes-title' }, 'Notes'));
  if (story.remarks.length > 0) {
    notes.append(
      el(
        'ul',
        { class: 'remarks' },
        story.remarks.map((remark) =>
          el('li', { class: `remark-${remark.label}` }, el('strong', {}, remark.label), ' ', remark.text),
        ),
      ),
    );
  }
  notes.append(
    el(
      'p',
      { class: 'faint' },
      `Proof of a wait: object – whoever ended it was in a call on the very thing waited for; waker – it is known` +
        ` who woke, not through what; interrupt – a timer, a disk, a network card; none – the wake-up was not seen, or it goes on.` +
        ` Times are from the begin of the trace. ktrace ${summary.ktraceVersion}.`,
    ),
  );
}

/** To where a link leads: what is behind a figure, and of a stretch the place on the timeline. */
function follow(timeline) {
  const route = here();
  const close = () => {
    history.replaceState(null, '', location.pathname + location.search);
    follow(timeline);
  };
  const shown = showEvidence(section('evidence'), route, timeline, close);
  for (const row of document.querySelectorAll('tr.chosen')) {
    row.classList.remove('chosen');
  }
  if (shown && route.kind === 'stretch') {
    const row = rows[route.parts[0]];
    const cell = Math.min(row.decoded.size - 1, firstAfter(row.decoded, Number(route.parts[1])));
    if (timeline.marked?.row !== row || timeline.marked.from !== row.decoded.from[cell]) {
      timeline.goTo(row, row.decoded.from[cell], row.decoded.to[cell]);
    }
  } else if (shown) {
    const row = document.querySelector(`tr[data-id="${CSS.escape(`${route.kind}-${route.parts.join(',')}`)}"]`);
    row?.classList.add('chosen');
    row?.scrollIntoView({ block: 'nearest' });
  }
  return close;
}

/** Of a command, or of a single process with its children, the path of its first thread. */
function drawCommandsPath(timeline) {
  const roots = processes.filter((process) => !processByPid.has(process.ppid));
  const row = roots.length === 1 ? rows.find((one) => one.process === roots[0] && one.isLeader) : null;
  if (row && row.decoded.size > 0) {
    timeline.showPath(pathOf(row, row.decoded.from[0], row.decoded.to[row.decoded.size - 1]), row.name);
    const link = el('a', { href: to('path', row.index) }, `Critical path of ${row.name}`);
    const proof = section('verdict').querySelector('.proof');
    if (proof) {
      proof.append(' · ', link);
    } else {
      section('verdict')
        .querySelector('.sentence')
        .after(el('p', {}, link));
    }
  }
}

function start() {
  drawVerdict(section('verdict'));
  drawGraph(section('graph'));
  drawWaits(section('waits'));
  drawProcesses(section('processes'));
  drawCalls(section('calls'));
  drawNotes(section('notes'));
  const timeline = new Timeline(section('timeline'));
  drawCommandsPath(timeline);
  drawHead(() => timeline.recolour());
  let close = follow(timeline);
  addEventListener('hashchange', () => {
    close = follow(timeline);
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
    }
  });
}

start();
