// The language of the interface: which one, and a string of it by its key.

import { en } from './strings/en.js';
import { ru } from './strings/ru.js';

export const TABLES = { en, ru };
const KEY = 'onestory.language';

let language = chosen();
let plurals = new Intl.PluralRules(language);

function chosen() {
  const kept = localStorage.getItem(KEY);
  if (kept in TABLES) return kept;
  return (navigator.language ?? '').toLowerCase().startsWith('ru') ? 'ru' : 'en';
}

/** The language in use: `en` or `ru`. */
export function lang() {
  return language;
}

/** Goes over to another language, and remembers it. */
export function setLang(name) {
  language = name;
  plurals = new Intl.PluralRules(name);
  localStorage.setItem(KEY, name);
}

/** The string of a key; `{name}` stands for a value, `n` chooses the plural form. */
export function t(key, values = {}) {
  const entry = TABLES[language][key];
  if (entry === undefined) return key;
  const text = typeof entry === 'string' ? entry : entry[plurals.select(values.n)] ?? entry.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The string of `prefix.name`, or the name itself: for names that a newer server may send. */
export function named(prefix, name) {
  return TABLES[language][`${prefix}.${name}`] === undefined ? String(name) : t(`${prefix}.${name}`);
}

/** The same with nodes as values: a list of strings and nodes to put into an element. */
export function rich(key, values) {
  const strings = Object.fromEntries(
    Object.entries(values).filter(([, value]) => !(value instanceof Node)));
  return t(key, strings).split(/\{(\w+)\}/).map((part, at) => (at % 2 ? values[part] ?? '' : part));
}
