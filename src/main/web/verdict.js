// Why it took as long as it did, in words and shares.

import { sharesBar } from './bars.js';
import { button, el, telling } from './dom.js';
import { nameOf, processByKey, processByPid, keyOf, story, summary } from './model.js';
import { to } from './routes.js';
import { percent, time } from './units.js';

const FIRST = 6;
const WORTH_A_WORD = 0.03;
const CAUSES = {
  computes: 'computes',
  queue: 'has no CPU',
  throttled: 'is held back by its quota',
  disk: 'waits for disk',
  sleeps: 'sleeps',
  stopped: 'is held still',
  idle: 'has nothing to do',
  outside: 'somebody outside',
  goesOn: 'a wait that goes on',
  furtherBack: 'further back than is followed',
  unknown: 'not known',
};

/** What nobody does. */
const NOBODYS = new Set(['goesOn', 'furtherBack', 'unknown']);

/** One share for each process and cause, whichever thread it was, or whoever had the CPU. */
function joined(shares) {
  const found = new Map();
  for (const share of shares) {
    const id = NOBODYS.has(share.cause) ? share.cause : `${share.pid} ${share.cause}`;
    const one = found.get(id);
    if (one) {
      one.ns += share.ns;
      one.several ||= Boolean(share.runner);
      one.runner ??= share.runner;
    } else {
      found.set(id, { ...share });
    }
  }
  return [...found.values()].sort((a, b) => b.ns - a.ns);
}

/** The shares of the time of a process, each with words and whether it is its own doing. */
export function sharesOf(why) {
  return joined(why.shares).map((share) => {
    const own = share.pid === why.pid;
    const whom = NOBODYS.has(share.cause) ? '' : own ? 'itself' : share.pid ? nameOf(share.comm, share.pid) : '';
    const runner = share.runner ? ` (${nameOf(share.runner.comm, share.runner.pid)} had it${share.several ? ' most' : ''})` : '';
    return { ...share, own, whom, text: `${whom ? `${whom} ` : ''}${CAUSES[share.cause] ?? share.cause}${runner}` };
  });
}

export function whyOf(process) {
  return (summary.verdict?.why ?? []).find((why) => why.pid === process.pid && why.startNs === process.startNs);
}

/** A share in words, with a link to whom it ended on. */
export function shareNodes(share, totalNs) {
  const target = share.own ? null : processByPid.get(share.pid);
  return el(
    'li',
    {},
    el('span', { class: `dot cause-${share.cause}${share.own ? '' : ' others'}` }),
    el('span', { class: 'figure' }, percent(share.ns, totalNs)),
    el(
      'span',
      {},
      target ? [el('a', { href: to('process', target.key) }, share.whom), share.text.slice(share.whom.length)] : share.text,
    ),
    el('span', { class: 'faint' }, time(share.ns)),
  );
}

function whyRow(why) {
  const shares = sharesOf(why);
  const process = processByKey.get(keyOf(why.pid, why.startNs));
  const told = shares.filter((share) => share.ns >= WORTH_A_WORD * why.totalNs).slice(0, 4);
  const name = nameOf(why.comm, why.pid);
  return el(
    'tr',
    {},
    el(
      'th',
      { scope: 'row' },
      process ? el('a', { href: to('process', process.key) }, name) : name,
      el('span', { class: 'faint' }, time(why.totalNs)),
    ),
    el(
      'td',
      {},
      sharesBar(shares, why.totalNs),
      el(
        'ul',
        { class: 'shares' },
        told.map((share) => shareNodes(share, why.totalNs)),
      ),
    ),
  );
}

export function drawVerdict(section) {
  const bottleneck = summary.verdict?.bottleneck;
  const culprit = bottleneck && processByPid.get(bottleneck.pid);
  section.append(el('h2', { id: 'verdict-title', class: 'unseen' }, 'Verdict'));
  const sentences = [story.verdict, story.computing, ...(story.stuck ?? [])].filter((sentence) => sentence);
  section.append(
    ...(sentences.length > 0
      ? sentences.map((sentence) => el('p', { class: 'sentence' }, telling(sentence)))
      : [el('p', { class: 'sentence' }, 'Nobody kept others waiting to speak of: there is no bottleneck between processes.')]),
  );
  if (bottleneck) {
    section.append(
      el(
        'p',
        { class: 'proof' },
        {
          sure: 'Sure: each step is proved by the object that was waited for. ',
          likely: 'Likely: of some steps it is only known who woke whom. ',
          weak: 'Doubtful: much is not known, or events were lost. ',
        }[bottleneck.confidence] ?? '',
        culprit
          ? el(
              'a',
              { href: to('bottleneck', culprit.key) },
              `Who waited for ${bottleneck.processes > 1 ? 'the one that kept others longest' : 'it'}, and where`,
            )
          : null,
      ),
    );
  }
  const all = summary.verdict?.why ?? [];
  if (all.length === 0) {
    return;
  }
  const body = el('tbody', {}, all.slice(0, FIRST).map(whyRow));
  section.append(el('h3', {}, 'Where the time of each process went'), el('table', { class: 'why' }, body));
  if (all.length > FIRST) {
    const more = button(`${all.length - FIRST} more`, 'show all processes', () => {
      body.append(...all.slice(FIRST).map(whyRow));
      more.remove();
    });
    section.append(el('div', { class: 'more' }, more));
  }
}
