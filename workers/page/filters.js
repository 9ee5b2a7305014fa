// The list's filters: a form, the part of the address that keeps them, and the query they mean.

import { h } from './dom.js';
import { t } from './i18n.js';

const HOUR_MS = 3_600_000;
/** Of a map, since an object would put the key 1 first. */
const SIZES = new Map([['any', []], ['1', [1, 1]], ['2-4', [2, 4]], ['5-9', [5, 9]],
  ['10+', [10, null]]]);
const RANGES = ['any', '1', '6', '24', '72'];
const STATES = ['open', 'closed', 'all'];
const SORTS = ['activity', 'opened', 'size'];
const LANGUAGES = ['ru', 'en'];
/** How long typing pauses before the list is asked. */
const TYPING_MS = 250;

/** What /v1/stories is asked for these filters. */
export function apiQuery(filters, now = Date.now()) {
  const [least, most] = SIZES.get(filters.get('size')) ?? [];
  const hours = Number(filters.get('hours'));
  return {
    q: filters.get('q'),
    source: filters.get('source'),
    lang: filters.getAll('lang'),
    cross_lingual: filters.get('cross') ? 'true' : null,
    min_size: least,
    max_size: most,
    since: hours ? new Date(now - hours * HOUR_MS).toISOString() : null,
    state: STATES.includes(filters.get('state')) ? filters.get('state') : 'open',
    sort: SORTS.includes(filters.get('sort')) ? filters.get('sort') : 'activity',
  };
}

/** Whether anything but the order is chosen. */
export function isFiltered(filters) {
  return [...filters.keys()].some((name) => name !== 'sort');
}

/** The form; `changed(URLSearchParams)` is called as filters change. */
export function filterForm(filters, changed) {
  const form = h('form', { class: 'filters', role: 'search', 'aria-label': t('filters.label') });
  let typing = 0;
  const tell = () => changed(chosen(form));
  const later = () => {
    clearTimeout(typing);
    typing = setTimeout(tell, TYPING_MS);
  };
  form.append(
    search(filters, later),
    h('details', { class: 'more-filters', open: wide() },
      h('summary', {}, t('filters.more')),
      h('div', { class: 'filter-row' },
        languages(filters, tell), cross(filters, tell),
        choice('size', [...SIZES.keys()], filters, tell),
        choice('hours', RANGES, filters, tell),
        choice('state', STATES, filters, tell),
        choice('sort', SORTS, filters, tell),
        field('source', filters, later),
      )),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    tell();
  });
  return form;
}

const wide = () => matchMedia('(min-width: 720px)').matches;

function search(filters, later) {
  return h('div', { class: 'search' },
    h('label', { for: 'search', class: 'unseen' }, t('filters.q')),
    h('input', { id: 'search', name: 'q', type: 'search', value: filters.get('q') ?? '',
      placeholder: t('filters.q'), autocomplete: 'off', on: { input: later } }),
    h('kbd', { 'aria-hidden': 'true' }, '/'));
}

function field(name, filters, later) {
  return h('label', { class: 'field' }, h('span', {}, t(`filters.${name}`)),
    h('input', { name, type: 'text', value: filters.get(name) ?? '', autocomplete: 'off',
      placeholder: t('filters.any'), on: { input: later } }));
}

function languages(filters, tell) {
  const ticked = filters.getAll('lang');
  return h('fieldset', { class: 'toggles' },
    h('legend', {}, t('filters.languages')),
    LANGUAGES.map((code) => toggle('lang', code, code.toUpperCase(), ticked.includes(code), tell)));
}

function cross(filters, tell) {
  return h('div', { class: 'toggles' },
    toggle('cross', '1', t('filters.cross'), Boolean(filters.get('cross')), tell));
}

function toggle(name, value, label, checked, tell) {
  return h('label', { class: 'toggle' },
    h('input', { type: 'checkbox', name, value, checked, on: { change: tell } }),
    h('span', {}, label));
}

function choice(name, values, filters, tell) {
  const now = filters.get(name) ?? values[0];
  return h('label', { class: 'field' }, h('span', {}, t(`filters.${name}`)),
    h('select', { name, on: { change: tell } }, values.map((value) =>
      h('option', { value, selected: value === now }, t(`filters.${name}.${value}`)))));
}

/** What is chosen; defaults are left out, so that an address says only what it must. */
function chosen(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    const trimmed = value.trim();
    const first = form.elements[name].tagName === 'SELECT' && form.elements[name].options[0].value;
    if (trimmed && trimmed !== first) query.append(name, trimmed);
  }
  return query;
}
