// Numbers, shares and times in the interface's language. Times are relative, exact on hover.

import { h } from './dom.js';
import { lang, t } from './i18n.js';

const STEPS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function number(value, digits = 0) {
  if (value === null || value === undefined) return '–';
  return new Intl.NumberFormat(lang(), { maximumFractionDigits: digits }).format(value);
}

export function percent(share, digits = 0) {
  if (share === null || share === undefined) return '–';
  return new Intl.NumberFormat(lang(), {
    style: 'percent',
    maximumFractionDigits: digits,
  }).format(share);
}

/** A probability; one that is nearly sure is not called sure. */
export function probability(value) {
  return value > 0.999 ? `> ${percent(0.999, 1)}` : percent(value, 1);
}

/** A probability or similarity, two digits. */
export function share(value) {
  return new Intl.NumberFormat(lang(), {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(value);
}

export function relative(iso, now = Date.now()) {
  const seconds = (Date.parse(iso) - now) / 1000;
  if (!Number.isFinite(seconds)) return '–';
  const format = new Intl.RelativeTimeFormat(lang(), { numeric: 'auto', style: 'short' });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return Math.abs(seconds) < 10 ? t('time.now') : format.format(Math.trunc(seconds), 'second');
}

export function exact(iso) {
  return date(iso, { dateStyle: 'long', timeStyle: 'medium' });
}

/** Day and minute, for lines of a history. */
export function moment(iso) {
  const far = Math.abs(Date.now() - Date.parse(iso)) > 20 * 3_600_000;
  const day = far ? { day: 'numeric', month: 'short' } : {};
  return date(iso, { ...day, hour: '2-digit', minute: '2-digit' });
}

/** Hour and minute, for axes. */
export function clock(iso) {
  return date(iso, { hour: '2-digit', minute: '2-digit' });
}

export function day(iso) {
  return date(iso, { day: 'numeric', month: 'short' });
}

function date(iso, options) {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return '–';
  return new Intl.DateTimeFormat(lang(), options).format(time);
}

/** A `<time>` that ages by itself; see `age`. */
export function ago(iso) {
  if (!iso) return h('span', {}, '–');
  return h('time', { datetime: iso, title: exact(iso), data: { relative: '' } }, relative(iso));
}

/** A `<time>` with day and minute. */
export function at(iso) {
  if (!iso) return h('span', {}, '–');
  return h('time', { datetime: iso, title: exact(iso) }, moment(iso));
}

/** Brings every relative time on the page up to date. */
export function age() {
  for (const element of document.querySelectorAll('time[data-relative]')) {
    const text = relative(element.getAttribute('datetime'));
    if (element.textContent !== text) element.textContent = text;
  }
}

/** A language's own name for a heading, such as «русский». */
export function languageName(code) {
  if (!code || code === 'und') return t('language.unknown');
  try {
    return new Intl.DisplayNames([lang()], { type: 'language' }).of(code);
  } catch {
    return code;
  }
}
