// The token of this tab: asked for when the API answers 401, kept until the tab closes.

import { ask } from './dialog.js';
import { h } from './dom.js';
import { t } from './i18n.js';

const KEY = 'onestory.token';
/** Holds the token that was refused a change. */
const READS = 'onestory.reads';
let asking = null;

export function token() {
  return sessionStorage.getItem(KEY);
}

export function signOut() {
  sessionStorage.removeItem(KEY);
  sessionStorage.removeItem(READS);
}

/** Whether the API has said that this token may only read. */
export function readOnly() {
  return sessionStorage.getItem(READS) !== null && sessionStorage.getItem(READS) === token();
}

/** Remembers that the API refused this token a change. */
export function mayOnlyRead() {
  if (token()) sessionStorage.setItem(READS, token());
}

/** Asks for a token, once however many requests wait for it; `used` is the one refused. */
export function askForToken(used) {
  if (used !== token() && token()) return Promise.resolve();
  asking ??= prompted(Boolean(used)).finally(() => {
    asking = null;
  });
  return asking;
}

async function prompted(wrong) {
  signOut();
  const input = h('input', {
    type: 'password', id: 'token', name: 'token', autocomplete: 'off', required: true,
    // What a header can carry.
    pattern: '\\s*[!-~]+\\s*',
    'aria-describedby': 'token-why',
  });
  await ask({
    title: t('token.title'),
    body: [
      h('p', { id: 'token-why' }, wrong ? t('token.wrong') : t('token.why')),
      h('label', { for: 'token', class: 'label' }, t('token.label')),
      input,
    ],
    action: t('token.enter'),
    mustAnswer: true,
  });
  sessionStorage.setItem(KEY, input.value.trim());
  document.dispatchEvent(new CustomEvent('token'));
}
