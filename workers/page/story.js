// One story: headlines, time line, members with their evidence, rules, lineage and history.
// Kept up to date while it is open, without losing what the reader has chosen or unfolded.

import { get, path } from './api.js';
import { langTag } from './card.js';
import { fill, h, refill, said } from './dom.js';
import { ago, at, number } from './formats.js';
import { historyList, lineage } from './history.js';
import { named, t } from './i18n.js';
import { memberRow } from './member.js';
import { compareHash, hashOf, storyHash } from './router.js';
import { openRule } from './rules.js';
import { rulesPanel } from './rules_panel.js';
import { failure, loading } from './states.js';
import { timeline } from './timeline.js';
import { readOnly } from './token.js';

const SOON_MS = 300;
/** Events of one story that its history is worded from; older ones keep the server's words. */
const MOST_EVENTS = 200;

export class StoryView {
  #app;
  #id;
  #told = '';
  #timer = 0;
  #gone = false;
  story = null;
  chosen = new Set();
  opened = new Set();

  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    this.element = h('article', { class: 'story' }, loading());
    this.#load();
  }

  get title() {
    return this.story?.headlines[0]?.title || t('story.title');
  }

  leave() {
    this.#gone = true;
  }

  onEvent({ event }) {
    const data = event?.data ?? {};
    const about = [event?.subject, data.merged_into, data.moved_to, data.split_from];
    if (about.includes(this.#id)) this.#soon();
  }

  onLive() {
    this.#soon();
  }

  /** Moves the focus by so many members. */
  move(step) {
    const rows = [...this.element.querySelectorAll('.member')];
    const now = rows.indexOf(document.activeElement?.closest('.member'));
    const next = now < 0 && step > 0 ? 0 : now + step;
    rows[Math.max(0, Math.min(rows.length - 1, next))]?.focus();
  }

  /** Chooses the focused member for a comparison. */
  choose() {
    document.activeElement?.closest('.member')?.querySelector('input[type=checkbox]').click();
  }

  compare() {
    if (this.chosen.size !== 2) return;
    this.#app.go(`${compareHash(...this.chosen)}?story=${encodeURIComponent(this.#id)}`);
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), SOON_MS);
  }

  async #load() {
    try {
      const story = await get(path('stories', this.#id));
      const [{ rules }, { events }] = await Promise.all([
        get(path('rules')), get(path('stories', story.id, 'events'), { limit: MOST_EVENTS }),
      ]);
      if (!this.#gone) this.#show(story, rules, events);
    } catch (error) {
      if (!this.#gone && !this.story) refill(this.element, failure(error, () => this.#load()));
    }
  }

  #show(story, rules, events) {
    const told = JSON.stringify([story, rules, readOnly()]);
    if (told === this.#told) return;
    this.#told = told;
    this.story = story;
    const ids = new Set(story.members.map(({ article_id: id }) => id));
    for (const id of this.chosen) if (!ids.has(id)) this.chosen.delete(id);
    const focus = focusIn(this.element);
    refill(this.element, this.#parts(story, rules, events));
    this.#tellChosen();
    focus(this.element);
    this.#app.titled(this.title);
  }

  #parts(story, rules, events) {
    return [
      h('p', { class: 'crumbs' },
        h('a', { href: hashOf('stories') }, `← ${t('nav.stories')}`)),
      merger(story), head(story),
      story.members.length > 0 && timeline(story.members, (id) => this.#jump(id)),
      h('div', { class: 'story-columns' }, this.#members(story), this.#aside(story, rules, events)),
    ];
  }

  #members(story) {
    const given = this.#given(story);
    this.bar = h('div', { class: 'chosen-bar', role: 'status' });
    return h('section', { class: 'members', 'aria-labelledby': 'members-title' },
      h('h2', { id: 'members-title' }, t('story.members')),
      h('ol', { class: 'member-list' }, story.members.map((member) => memberRow(member, given))),
      this.bar);
  }

  #given(story) {
    const rule = (command, subject) => openRule(this.#app, story, command, subject,
      () => this.#load());
    return {
      titles: new Map(story.members.map((each) => [each.article_id, each.title || t('untitled')])),
      chosen: this.chosen,
      opened: this.opened,
      choose: (id, is) => this.#choose(id, is),
      lead: (member) => rule('lead', [member.article_id]),
      apart: (member) => rule('apart', [member.article_id]),
      together: (member) => rule('together', [member.article_id]),
      rule,
    };
  }

  #aside(story, rules, events) {
    return h('aside', { class: 'story-aside', 'aria-label': t('story.aside') },
      rulesPanel(story, rules, (rule) => openRule(this.#app, story, 'revoke', [rule.id],
        () => this.#load())),
      lineage(story, events), historyList(story, events), facts(story));
  }

  #choose(id, is) {
    if (is) this.chosen.add(id);
    else this.chosen.delete(id);
    if (this.chosen.size > 2) {
      const [oldest] = this.chosen;
      this.chosen.delete(oldest);
      const row = this.element.querySelector(`.member[data-id="${CSS.escape(oldest)}"]`);
      row.querySelector('input[type=checkbox]').checked = false;
    }
    this.#tellChosen();
  }

  #tellChosen() {
    const two = this.chosen.size === 2;
    this.bar.hidden = this.chosen.size === 0;
    refill(this.bar, h('span', {}, two ? t('story.chosen.two') : t('story.chosen.one')),
      h('button', { type: 'button', class: 'primary', disabled: !two,
        on: { click: () => this.compare() } }, t('story.compare')));
  }

  #jump(id) {
    const row = this.element.querySelector(`.member[data-id="${CSS.escape(id)}"]`);
    row?.scrollIntoView({ block: 'center' });
    row?.focus({ preventScroll: true });
  }
}

function head(story) {
  return h('header', { class: 'story-head' },
    h('h1', {}, story.headlines.length === 0 && t('story.title'), story.headlines.map(({ lang, title }) => h('span', { class: 'story-headline' },
      langTag(lang), said(title || t('untitled'), { lang, most: 300 })))),
    h('p', { class: 'story-figures' },
      story.state !== 'open' && h('span', { class: 'badge' }, named('state', story.state)),
      [t('figures.articles', { n: story.article_count }),
        t('figures.languages', { n: story.languages.length }),
        t('figures.sources', { n: story.independent_sources })].map((text) =>
        h('span', {}, text)),
      h('span', {}, t('story.first'), ' ', at(story.first_published_at ?? story.opened_at)),
      h('span', {}, t('story.last'), ' ', ago(story.updated_at))));
}

function merger(story) {
  if (!story.asked_id || story.asked_id === story.id) return null;
  return fill(h('p', { class: 'notice', role: 'status' }), t('story.merged_into'), ' ',
    h('a', { href: storyHash(story.id) }, h('code', {}, story.id)));
}

function facts(story) {
  return h('section', { class: 'panel' }, h('h2', {}, t('story.facts')),
    h('dl', { class: 'facts-list' },
      [[t('story.id'), h('code', {}, story.id)], [t('story.opened'), at(story.opened_at)],
        [t('story.updated'), at(story.updated_at)], [t('story.size'), number(story.article_count)]]
        .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
}

/** Remembers which control of which member has the focus; the answer gives it back. */
function focusIn(element) {
  const active = document.activeElement;
  if (!element.contains(active)) return () => {};
  const id = active.closest('.member')?.dataset.id;
  const which = active.dataset.rule ? `[data-rule="${active.dataset.rule}"]`
    : { INPUT: 'input', SUMMARY: 'summary', A: 'a' }[active.tagName];
  return (fresh) => {
    const row = id !== undefined && fresh.querySelector(`.member[data-id="${CSS.escape(id)}"]`);
    if (row) ((which && row.querySelector(which)) || row).focus({ preventScroll: true });
  };
}
