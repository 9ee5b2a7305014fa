// The live list of stories. While somebody reads it (scrolled down, pointing or focused in it),
// rows change in place only; what would move them is collected behind "N new".

import { get, path } from './api.js';
import { langTag, storyCard } from './card.js';
import { h, refill } from './dom.js';
import { apiQuery, filterForm, isFiltered } from './filters.js';
import { number } from './formats.js';
import { t } from './i18n.js';
import { merged } from './order.js';
import { hashOf } from './router.js';
import { emptyState, failure, loading } from './states.js';

const PAGE = 50;
/** What a refresh asks for at most; rows below keep what they showed until "more". */
const MOST_REFRESHED = 200;
const SOON_MS = 250;
/** Between refreshes of a busy namespace. */
const APART_MS = 1_500;

export class ListView {
  #app;
  filters;
  #rows = new Map();
  #order = [];
  #waiting = null;
  #next = null;
  #total = 0;
  #timer = 0;
  #asked = 0;
  #asks = 0;
  #loading = null;

  constructor(app, filters) {
    this.#app = app;
    this.filters = filters;
    this.list = h('ol', { class: 'rows', 'aria-label': t('list.label') });
    this.note = h('div', { class: 'list-note' });
    this.foot = h('div', { class: 'list-foot' });
    this.pill = h('button', { type: 'button', class: 'pill', hidden: true,
      on: { click: () => this.showNew() } });
    this.count = h('p', { class: 'list-count', role: 'status' });
    this.element = h('div', { class: 'list' },
      h('h1', { class: 'unseen' }, t('nav.stories')),
      filterForm(filters, (query) => this.#refilter(query)),
      this.count, columnHeads(), h('div', { class: 'pill-place' }, this.pill),
      this.note, this.list, this.foot);
    this.list.addEventListener('click', (event) => this.#clicked(event));
    this.list.addEventListener('pointerleave', () => this.#settle());
    this.list.addEventListener('focusout', () => setTimeout(() => this.#settle()));
    this.#load();
  }

  get title() {
    return t('nav.stories');
  }

  /** Whether this list shows these filters. */
  shows(filters) {
    return String(filters) === String(this.filters);
  }

  onEvent() {
    this.#refreshSoon();
  }

  onLive() {
    this.#refreshSoon();
  }

  /** Moves the focus by so many rows. */
  move(step) {
    const links = [...this.list.querySelectorAll('.row-link')];
    const now = links.findIndex((link) => link === document.activeElement);
    const next = now < 0 ? (step > 0 ? 0 : links.length - 1) : now + step;
    const link = links[Math.max(0, Math.min(links.length - 1, next))];
    link?.focus({ preventScroll: true });
    link?.closest('li').scrollIntoView({ block: 'nearest' });
  }

  /** Puts the rows in their order, newest first. */
  showNew() {
    if (!this.#waiting) return;
    this.#place(this.#waiting);
    scrollTo({ top: 0 });
  }

  /** Gives the focus back to a story's row. */
  focus(id) {
    this.#rows.get(id)?.element.querySelector('.row-link').focus({ preventScroll: true });
  }

  #refilter(query) {
    this.filters = query;
    history.replaceState(null, '', hashOf('stories', [], query));
    this.#load();
  }

  async #load() {
    this.#loading?.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    this.#asks += 1;
    if (!this.#order.length) refill(this.note, loading());
    this.list.setAttribute('aria-busy', 'true');
    try {
      const answer = await this.#fetch({ limit: PAGE }, signal);
      this.#rows.clear();
      this.#take(answer.stories);
      this.#next = answer.next;
      this.#total = answer.total;
      this.#place(answer.stories.map(({ id }) => id));
    } catch (error) {
      if (error.name !== 'AbortError') refill(this.note, failure(error, () => this.#load()));
    } finally {
      this.list.removeAttribute('aria-busy');
    }
  }

  async #more() {
    try {
      const answer = await this.#fetch({ limit: PAGE, cursor: this.#next });
      const fresh = answer.stories.filter(({ id }) => !this.#rows.has(id));
      this.#take(fresh);
      this.#next = answer.next;
      const first = fresh[0]?.id;
      this.#order.push(...fresh.map(({ id }) => id));
      for (const { id } of fresh) this.list.append(this.#rows.get(id).element);
      this.#tell();
      if (first) this.focus(first);
    } catch (error) {
      refill(this.foot, failure(error, () => this.#more()));
    }
  }

  #refreshSoon() {
    if (this.#timer) return;
    const wait = Math.max(SOON_MS, this.#asked + APART_MS - Date.now());
    this.#timer = setTimeout(() => this.#refresh(), wait);
  }

  async #refresh() {
    this.#asked = Date.now();
    // Cleared before the answer, which may not know yet of what happens while it is on its way.
    this.#timer = 0;
    try {
      const limit = Math.min(MOST_REFRESHED, Math.max(PAGE, this.#order.length));
      const number = (this.#asks += 1);
      const answer = await this.#fetch({ limit });
      if (number === this.#asks) this.#compare(answer);
    } catch {
      // The connection's own state says so; the next event or reconnect refreshes again.
    }
  }

  #fetch(more, signal) {
    return get(path('stories'), { ...apiQuery(this.filters), ...more }, signal);
  }

  #compare(answer) {
    this.#take(answer.stories);
    const ids = answer.stories.map(({ id }) => id);
    const { order, moved, gone } = merged(this.#order, ids, answer.next === null);
    for (const id of gone) this.#rows.get(id)?.element.classList.add('row-gone');
    this.#total = answer.total;
    if (this.#order.length <= ids.length) this.#next = answer.next;
    this.#waiting = String(order) === String(this.#order) ? null : order;
    this.moved = moved.length;
    this.#settle();
    this.#tell();
  }

  /** Renders cards anew where they changed, in place. */
  #take(cards) {
    for (const card of cards) {
      const told = JSON.stringify(card);
      const row = this.#rows.get(card.id);
      if (row?.told === told) continue;
      const element = storyCard(card);
      if (row) this.#swap(row.element, element);
      this.#rows.set(card.id, { told, element });
    }
  }

  #swap(old, element) {
    const focused = old.contains(document.activeElement);
    element.classList.add('row-fresh');
    old.replaceWith(element);
    if (focused) element.querySelector('.row-link').focus({ preventScroll: true });
  }

  #read() {
    const pointed = matchMedia('(hover: hover)').matches && this.list.matches(':hover');
    return pointed || scrollY > 40 || this.list.contains(document.activeElement);
  }

  #settle() {
    if (this.#waiting && this.element.isConnected && !this.#read()) this.#place(this.#waiting);
    this.#tell();
  }

  #place(order) {
    const known = new Set(this.#order);
    const first = known.size === 0;
    this.#order = order;
    this.#waiting = null;
    const elements = order.map((id) => {
      const { element } = this.#rows.get(id);
      if (!first && !known.has(id)) element.classList.add('row-fresh');
      return element;
    });
    const focused = document.activeElement;
    this.list.replaceChildren(...elements);
    if (focused?.isConnected && focused !== document.activeElement) {
      focused.focus({ preventScroll: true });
    }
    for (const id of this.#rows.keys()) if (!order.includes(id)) this.#rows.delete(id);
    this.#tell();
  }

  #tell() {
    const n = this.#waiting ? this.moved : 0;
    this.pill.hidden = !this.#waiting;
    this.pill.textContent = n ? t('list.new', { n }) : t('list.reorder');
    this.count.textContent = t('list.count', { n: this.#total, total: number(this.#total) });
    const none = this.#order.length === 0;
    refill(this.note, none && this.#empty());
    refill(this.foot, this.#next && h('button', { type: 'button', class: 'more',
      on: { click: () => this.#more() } }, t('list.more')));
  }

  #empty() {
    if (!isFiltered(this.filters)) return emptyState(t('list.empty'), t('list.empty.how'));
    return emptyState(t('list.no_match'), t('list.no_match.how'));
  }

  #clicked(event) {
    const row = event.target.closest('.row');
    const chosen = String(getSelection()) !== '';
    if (!row || chosen || event.target.closest('a, button')) return;
    this.#app.go(row.querySelector('.row-link').hash);
  }
}

function columnHeads() {
  const keys = ['when', 'ru', 'en', 'articles', 'languages', 'sources'];
  return h('div', { class: 'row-heads', 'aria-hidden': 'true' },
    keys.map((key) => h('span', { class: `head-${key}`, title: t(`list.head.${key}.why`) },
      ['ru', 'en'].includes(key) && langTag(key), ' ', t(`list.head.${key}`))));
}
