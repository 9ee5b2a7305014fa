// Two articles side by side: what they share is marked on both sides in one colour and number.

import { get, path } from './api.js';
import { langTag } from './card.js';
import { h, harmless, langOf, outward, refill, said } from './dom.js';
import { factChips, guards, similarityBars } from './evidence.js';
import { at, probability as chance } from './formats.js';
import { named, t } from './i18n.js';
import { pieces } from './marks.js';
import { hashOf, storyHash } from './router.js';
import { openRule } from './rules.js';
import { failure, loading } from './states.js';
import { readOnly } from './token.js';

/** Colours that groups take by turns; see css/compare.css. */
const COLOURS = 8;
const MOST_TITLE = 1_000;
const MOST_TEXT = 20_000;

export class CompareView {
  #app;
  #ids;
  #story;

  constructor(app, a, b) {
    this.#app = app;
    this.#ids = [a, b];
    this.#story = app.route.query.get('story');
    this.element = h('article', { class: 'compare' }, loading());
    this.element.addEventListener('pointerover', (event) => this.#light(event));
    this.element.addEventListener('focusin', (event) => this.#light(event));
    this.#load();
  }

  get title() {
    return t('compare.title');
  }

  back() {
    return this.#story ? storyHash(this.#story) : hashOf('stories');
  }

  async #load() {
    const [a, b] = this.#ids;
    try {
      const told = await get(path('explain'), { a, b });
      refill(this.element, this.#parts(told));
    } catch (error) {
      refill(this.element, failure(error, () => this.#load()));
    }
  }

  #parts(told) {
    const groups = grouped(told.articles);
    return [
      h('p', { class: 'crumbs' }, h('a', { href: this.back() }, `← ${t('compare.back')}`)),
      h('h1', {}, t('compare.title')),
      verdict(told), this.#rules(told), legend(groups),
      h('div', { class: 'sides' }, told.articles.map((article) => side(article, groups))),
    ];
  }

  #rules(told) {
    const members = told.articles.map((each) => ({ ...each, is_lead: false }));
    const rule = (command) => () => openRule(this.#app, { id: this.#story, members }, command,
      this.#ids, () => this.#load());
    const button = (command) => h('button', { type: 'button', class: 'quiet', disabled: readOnly(),
      title: readOnly() ? t('rules.read_only') : t(`rules.${command}.why`),
      data: { rule: command }, on: { click: rule(command) } }, t(`rules.${command}`));
    return h('div', { class: 'member-actions', role: 'group', 'aria-label': t('rules.title') },
      button('together'), button('apart'),
      told.rules.length > 0 && h('span', { class: 'quiet-text' }, t('compare.rules'), ' ',
        told.rules.map((id) => [h('code', {}, id), ' '])));
  }

  /** Lights up a group on both sides while one of its marks is pointed at or focused. */
  #light({ target }) {
    const group = target.closest?.('[data-group]')?.dataset.group;
    for (const mark of this.element.querySelectorAll('[data-group]')) {
      mark.classList.toggle('lit', mark.dataset.group === group);
    }
  }
}

/** Group → the wordings on each side and its place among the colours. */
function grouped(articles) {
  const groups = new Map();
  articles.forEach(({ marks, title, text }, sideNumber) => {
    for (const [field, value] of [['title', title], ['text', text]]) {
      const points = Array.from(value ?? '');
      for (const [from, to, group] of marks?.[field] ?? []) {
        if (!groups.has(group)) groups.set(group, { number: groups.size + 1, said: [null, null] });
        groups.get(group).said[sideNumber] ??= points.slice(from, to).join('');
      }
    }
  });
  return groups;
}

function verdict({ articles, joined, probability, relation, evidence }) {
  const what = joined && relation ? named('relation', relation) : t('compare.apart');
  return h('section', { class: 'verdict', 'aria-label': t('compare.verdict') },
    h('p', { class: 'verdict-what' }, h('b', {}, chance(probability)), ' ',
      t(joined ? 'compare.joined' : 'compare.not_joined'),
      joined && relation ? h('span', { class: `relation relation-${relation}` }, what) : null),
    evidence?.similarity && similarityBars(evidence.similarity),
    // Where the texts are there, their marks say it better.
    articles.some(({ text }) => text === null) && factChips(evidence?.shared),
    guards(evidence?.guards));
}

function legend(groups) {
  if (!groups.size) return h('p', { class: 'quiet-text' }, t('compare.nothing_shared'));
  return h('section', { class: 'groups', 'aria-label': t('evidence.shared') },
    h('h2', {}, t('compare.shared', { n: groups.size })),
    h('ul', { class: 'chips' }, [...groups].map(([group, { number, said: words }]) =>
      h('li', {}, h('button', { type: 'button', class: `chip mark-group group-${number % COLOURS}`,
        data: { group } }, h('span', { class: 'group-number' }, number), wording(words))))));
}

function wording([one, other]) {
  const pair = one && other && one.toLowerCase() !== other.toLowerCase();
  return pair ? [said(one, { most: 60 }), ' = ', said(other, { most: 60 })]
    : said(one ?? other, { most: 60 });
}

function side(article, groups) {
  const { lang, marks, text, text_note: note } = article;
  return h('section', { class: 'side', 'aria-label': t('compare.side', { lang: lang ?? '' }) },
    h('p', { class: 'byline' }, langTag(lang),
      article.source && said(article.source, { class: 'source', most: 80 }),
      at(article.published_at), outward(article.url, t('story.page'))),
    h('h2', { lang: langOf(lang), dir: 'auto' },
      marked(article.title || t('untitled'), marks?.title ?? [], groups, MOST_TITLE)),
    text === null || text === undefined
      ? h('p', { class: 'notice' }, t('compare.no_text'), ' ',
        h('span', { class: 'quiet-text', lang: 'en' }, said(note, { most: 300 })))
      : body(text, marks?.text ?? [], lang, groups));
}

function body(text, marks, lang, groups) {
  const box = h('div', { class: 'side-text', lang: langOf(lang), dir: 'auto' });
  const show = (most) => refill(box, marked(text, marks, groups, most), text.length > most
    && h('p', {}, h('button', { type: 'button', on: { click: () => show(Infinity) } },
      t('compare.whole'))));
  show(MOST_TEXT);
  return box;
}

function marked(text, marks, groups, most) {
  return pieces(text, marks, most).map(({ text: piece, group }) => {
    if (group === null) return harmless(piece);
    const { number } = groups.get(group);
    return h('mark', { class: `mark-group group-${number % COLOURS}`, data: { group, number } },
      harmless(piece));
  });
}
