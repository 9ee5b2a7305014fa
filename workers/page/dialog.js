// Modal dialogs on the browser's own <dialog>: focus stays inside, Escape closes.

import { h } from './dom.js';
import { t } from './i18n.js';

let count = 0;

/** Shows a dialog; `body` are its children. Returns `{element, close}`. */
export function show({ title, body, footer = null, mustAnswer = false, wide = false, closed }) {
  const id = `dialog-${(count += 1)}`;
  const element = h(
    'dialog',
    { class: wide ? 'dialog dialog-wide' : 'dialog', 'aria-labelledby': id },
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', { id }, title),
      mustAnswer ? null : closer(() => element.close()),
    ),
    body,
    footer,
  );
  if (mustAnswer) element.addEventListener('cancel', (event) => event.preventDefault());
  element.addEventListener('close', () => {
    element.remove();
    closed?.();
  });
  document.body.append(element);
  element.showModal();
  return { element, close: () => element.close() };
}

function closer(close) {
  const label = t('dialog.close');
  return h('button', { type: 'button', class: 'icon', 'aria-label': label, title: label,
    on: { click: close } }, '✕');
}

/** Asks with a form; resolves true when it is sent, false when the dialog is closed. */
export function ask({ title, body, action, mustAnswer = false }) {
  return new Promise((resolve) => {
    let sent = false;
    const form = h(
      'form',
      { class: 'stack', on: { submit: (event) => {
        event.preventDefault();
        sent = true;
        shown.close();
      } } },
      body,
      h('div', { class: 'dialog-foot' }, h('button', { class: 'primary' }, action)),
    );
    const shown = show({ title, body: form, mustAnswer, closed: () => resolve(sent) });
    form.querySelector('input')?.focus();
  });
}
