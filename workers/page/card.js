// One story in the list: its headline in Russian and in English side by side, figures, latest news.

import { h, langOf, said, unseen } from './dom.js';
import { ago, at, languageName, number } from './formats.js';
import { named, t } from './i18n.js';
import { storyHash } from './router.js';

const COLUMNS = ['ru', 'en'];

/** The list item of a story card (see the HTTP contract). */
export function storyCard(card) {
  const others = card.headlines.filter(({ lang }) => !COLUMNS.includes(lang));
  return h('li', { class: `row${card.state === 'open' ? '' : ' row-ended'}`,
    data: { id: card.id } },
  h('div', { class: 'row-when' }, ago(card.newest?.time ?? card.updated_at),
    happened(card), badges(card)),
  h('a', { class: 'row-link', href: storyHash(card.id) },
    card.headlines.length ? COLUMNS.map((lang) => column(card, lang))
      : h('span', { class: 'row-other row-none' }, t('list.withdrawn')),
    others.map((each) => h('span', { class: 'row-other' }, headline(each)))),
  latest(card),
  figures(card));
}

function column(card, lang) {
  const found = card.headlines.find((each) => each.lang === lang);
  if (found) return h('span', { class: `row-column row-${lang}` }, headline(found));
  return h('span', { class: `row-column row-${lang} row-none` },
    t(`list.none.${lang}`));
}

function headline({ lang, title, source, published_at: published, count }) {
  return [
    h('span', { class: 'headline' }, langTag(lang),
      said(title || t('untitled'), { lang, class: 'headline-text', most: 220 })),
    h('span', { class: 'byline' },
      source ? said(source, { most: 60, class: 'source' }) : null,
      published ? at(published) : null,
      count > 1 ? h('span', { title: t('list.more_in', { n: count - 1 }) }, `+${number(count - 1)}`)
        : null),
  ];
}

/** RU, EN … in the colour of the language. */
export function langTag(lang) {
  const known = COLUMNS.includes(lang) ? lang : 'other';
  return h('span', { class: `tag tag-${known}`, title: languageName(lang) },
    (langOf(lang) ?? '??').slice(0, 3).toUpperCase());
}

function badges(card) {
  return [
    card.state === 'open' ? null : h('span', { class: 'badge' }, named('state', card.state)),
    card.ruled ? h('span', { class: 'badge badge-ruled', title: t('list.ruled.why') },
      t('list.ruled')) : null,
  ];
}

/** What happened last, in a word or two. */
function happened({ newest, state }) {
  // What ended a story, its state says.
  if (!newest || newest.type === `story.${state}`) return null;
  const plain = newest.type === 'story.opened' ? t('list.opened') : named('event', newest.type);
  return h('span', { title: newest.summary || null },
    newest.relation ? named('relation', newest.relation) : plain);
}

/** The article it happened with, where no headline shows it. */
function latest({ newest, headlines }) {
  if (!newest?.title || headlines.some(({ article_id: id }) => id === newest.article_id)) return null;
  return h('p', { class: 'row-latest' }, langTag(newest.lang),
    newest.source ? [said(newest.source, { most: 60 }), ': '] : null,
    said(newest.title, { lang: newest.lang, most: 140 }));
}

function figures(card) {
  return h('div', { class: 'row-figures' },
    figure(card.article_count, 'figures.articles', 'figure-main'),
    figure(card.languages.length, 'figures.languages', ''),
    figure(card.independent_sources, 'figures.sources', ''));
}

function figure(n, key, extra) {
  return h('span', { class: `figure ${extra}` },
    h('span', { class: 'figure-value', 'aria-hidden': 'true' }, number(n)),
    h('span', { class: 'figure-name', 'aria-hidden': 'true' }, t(`${key}.name`, { n })),
    unseen(`${t(key, { n })}. `));
}
