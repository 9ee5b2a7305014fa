// What waits for somebody: articles held back or under embargo, and dead letters by reason.

import { h, said } from './dom.js';
import { ago, at, number, share } from './formats.js';
import { lang, named, t } from './i18n.js';
import { hashOf, storyHash } from './router.js';

export function heldList(held) {
  return h('section', { class: 'panel', id: 'held' }, h('h2', {}, t('held.title', {
    n: held.length })),
  held.length
    ? h('ul', { class: 'backlog' }, held.map(heldItem))
    : h('p', { class: 'quiet-text' }, t('held.none')));
}

function heldItem({ article_id: id, until, title, would }) {
  return h('li', {},
    said(title || id, { tag: 'p', class: 'backlog-what', most: 200 }),
    h('p', { class: 'byline' }, traceLink(id),
      until ? h('span', {}, t('held.until'), ' ', at(until), ' (', ago(until), ')')
        : h('span', {}, t('held.open_end')),
      would?.story_id ? h('a', { href: storyHash(would.story_id) }, t('held.would', {
        relation: named('relation', would.relation ?? 'opened'),
        score: would.score === null || would.score === undefined ? '–' : share(would.score) }))
        : h('span', {}, t('held.would_open'))));
}

function traceLink(id) {
  const query = new URLSearchParams({ item: id });
  return h('a', { class: 'id', href: hashOf('health', [], query) }, said(id, { most: 80 }));
}

/** Dead letters under a heading a reason, each with what to do. */
export function deadLetters({ letters, by_reason: byReason, next }) {
  const reasons = Object.entries(byReason ?? {}).sort((a, b) => b[1] - a[1]);
  return h('section', { class: 'panel', id: 'dead' }, h('h2', {}, t('dead.title', {
    n: reasons.reduce((sum, [, n]) => sum + n, 0) })),
  reasons.length ? null : h('p', { class: 'quiet-text' }, t('dead.none')),
  reasons.map(([reason, n]) => reasonBox(reason, n, letters.filter((each) =>
    each.reason === reason))),
  next && h('p', { class: 'quiet-text' }, t('dead.more', { n: letters.length })));
}

function reasonBox(reason, n, letters) {
  const foreign = lang() === 'en' ? null : 'en';
  return h('details', { class: 'reason', open: true },
    h('summary', {}, h('b', {}, named('reason', reason)), ' ', number(n)),
    h('ul', { class: 'backlog' }, letters.map((letter) => h('li', {},
      h('p', { class: 'backlog-what', lang: foreign }, said(letter.detail, { most: 300 })),
      h('p', { lang: foreign }, h('span', { class: 'what' }, t('dead.remedy')), ' ',
        said(letter.remedy, { most: 400 })),
      h('p', { class: 'byline' }, letter.article_id ? traceLink(letter.article_id) : null,
        h('code', {}, letter.entry_id), ago(letter.at))))));
}
