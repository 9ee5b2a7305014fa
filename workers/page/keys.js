// The keyboard: one letter for what an editor does all day, and the table of help that says so.

import { show } from './dialog.js';
import { h } from './dom.js';
import { t } from './i18n.js';
import { hashOf } from './router.js';

const HELP = [
  ['j ↓', 'next'], ['k ↑', 'previous'], ['Enter', 'open'], ['Esc', 'back'], ['/', 'search'],
  ['n', 'new'], ['x', 'choose'], ['c', 'compare'], ['s', 'stories'], ['h', 'health'],
  ['?', 'help'],
];

/** Listens for the page's keys; `app.view` answers those that are about what it shows. */
export function listenToKeys(app) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector('dialog[open]')) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    const action = actions(app)[keyOf(event)];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** The key as a Latin keyboard names it: in a Cyrillic layout j is о, and / is elsewhere. */
export function keyOf({ key, code, shiftKey }) {
  if (key.length > 1 || /[a-z/?]/i.test(key)) return key.length > 1 ? key : key.toLowerCase();
  if (/^Key[A-Z]$/.test(code)) return code.at(-1).toLowerCase();
  if (code === 'Slash') return shiftKey ? '?' : '/';
  return key;
}

function actions(app) {
  const { view } = app;
  const move = (step) => view.move && (() => view.move(step));
  return {
    j: move(1), ArrowDown: move(1), k: move(-1), ArrowUp: move(-1),
    '/': () => app.search(),
    '?': () => app.help(),
    n: view.showNew && (() => view.showNew()),
    x: view.choose && (() => view.choose()),
    c: view.compare && (() => view.compare()),
    Escape: () => app.back(),
    s: () => app.go(hashOf('stories')),
    h: () => app.go(hashOf('health')),
  };
}

function isTyping(element) {
  if (element.matches('textarea, select')) return true;
  return element.matches('input') && !['checkbox', 'radio', 'button'].includes(element.type);
}

/** Shows what the keys do. */
export function showHelp() {
  show({
    title: t('help.title'),
    body: [
      h('dl', { class: 'keys' }, HELP.map(([keys, name]) => h('div', {},
        h('dt', {}, keys.split(' ').map((key) => h('kbd', {}, key))),
        h('dd', {}, t(`help.${name}`))))),
      h('p', { class: 'quiet-text' }, t('help.about')),
    ],
  });
}
