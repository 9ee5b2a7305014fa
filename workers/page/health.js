// How the service is: figures and their last hours, what is held, dead letters, where an item is.

import { get, path } from './api.js';
import { deadLetters, heldList } from './backlog.js';
import { h, refill } from './dom.js';
import { languageName, number, percent } from './formats.js';
import { named, t } from './i18n.js';
import { bars, linePlot, sinceFirst } from './plots.js';
import { failure, loading } from './states.js';
import { traceBox } from './trace.js';

const MINUTES = 180;
/** What is drawn at least, of a namespace that is new. */
const LEAST_MINUTES = 15;
const EVERY_MS = 10_000;
const LANGUAGES_SHOWN = 8;
const NOW = ['articles_per_s', 'stories_open', 'lag', 'pending', 'held', 'dead', 'workers'];

/** Plots: field of the series, how a value is written, where the axis ends. */
const PLOTS = [
  { name: 'articles_per_s', value: (row) => row.articles / 60, write: (n) => number(n, 1) },
  { name: 'duplicates', value: (row) => row.duplicates, write: (n) => percent(n), most: 1 },
  { name: 'cross_lingual', value: (row) => row.cross_lingual, write: (n) => percent(n), most: 1 },
  { name: 'lag', value: (row) => row.lag, write: (n) => number(n) },
  { name: 'near_threshold', value: (row) => row.near_threshold, write: (n) => percent(n, 1) },
  { name: 'stories_open', value: (row) => row.stories_open, write: (n) => number(n) },
];

export class HealthView {
  #timer = 0;
  #soon = 0;

  constructor(app, query) {
    this.figures = h('div', { class: 'health-figures' }, loading());
    this.lists = h('div', { class: 'health-lists' });
    this.element = h('div', { class: 'health' }, h('h1', {}, t('health.title')),
      this.figures, traceBox(query.get('item')), this.lists);
    this.#load();
    this.#timer = setInterval(() => this.#load(), EVERY_MS);
  }

  get title() {
    return t('health.title');
  }

  leave() {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
  }

  onLive() {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#load(), 200);
  }

  async #load() {
    try {
      const [figures, { held }, dead] = await Promise.all([
        get(path('figures'), { minutes: MINUTES }), get(path('held')), get(path('dead')),
      ]);
      this.#show(figures, held, dead);
    } catch (error) {
      refill(this.figures, failure(error, () => this.#load()));
    }
  }

  #show(figures, held, dead) {
    refill(this.figures, tiles(figures.now),
      h('div', { class: 'plots' }, plots(figures.series), counts(figures)));
    const told = JSON.stringify([held, dead]);
    if (told === this.told) return;
    this.told = told;
    refill(this.lists, heldList(held), deadLetters(dead));
  }
}

function tiles(now) {
  return h('dl', { class: 'tiles' }, NOW.filter((name) => now[name] !== undefined
    && now[name] !== null).map((name) => {
    const trouble = (name === 'dead' && now.dead > 0) || (name === 'workers' && now.workers === 0);
    return h('div', { class: trouble ? 'tile tile-trouble' : 'tile', title: t(`now.${name}.why`) },
      h('dt', {}, t(`now.${name}`)),
      h('dd', {}, number(now[name], name === 'articles_per_s' ? 2 : 0)));
  }));
}

function plots(whole) {
  const series = sinceFirst(whole, (row) => row.articles > 0 || row.lag > 0, LEAST_MINUTES);
  return PLOTS.map(({ name, value, write, most }) => {
    const points = series.map((row) => ({ at: row.at, value: value(row) ?? null }));
    const last = points.findLast((point) => point.value !== null)?.value ?? null;
    const title = t(`plot.${name}`);
    return h('section', { class: 'plot-box', 'aria-label': title },
      h('h2', { title: t(`plot.${name}.why`) }, title,
        h('span', { class: 'plot-now' }, last === null ? '–' : write(last))),
      points.length > 1 ? linePlot(points, { format: write, most, label: described(title, points,
        write) }) : h('p', { class: 'quiet-text' }, t('plot.none')));
  });
}

function described(title, points, write) {
  const values = points.map(({ value }) => value).filter((value) => value !== null);
  if (!values.length) return title;
  const [least, most] = [Math.min(...values), Math.max(...values)].map(write);
  return t('plot.described', { title, least, most, last: write(values.at(-1)) });
}

function counts({ sizes, languages, relations }) {
  const ranked = (of) => Object.entries(of ?? {}).sort((a, b) => b[1] - a[1]);
  const box = (title, rows) => rows.length > 0 && h('section', { class: 'plot-box' },
    h('h2', {}, title), bars(rows, number));
  return [
    box(t('plot.sizes'), (sizes ?? []).map(({ size, stories }) => ({
      name: size.replace('-', '–'), value: stories,
    }))),
    box(t('plot.languages'), ranked(languages).slice(0, LANGUAGES_SHOWN).map(([code, value]) => ({
      name: languageName(code), value, kind: `fill-${['ru', 'en'].includes(code) ? code : 'other'}`,
    }))),
    box(t('plot.relations'), ranked(relations).map(([name, value]) => ({
      name: named('relation', name), value,
    }))),
  ];
}
