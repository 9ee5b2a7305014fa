// What stands where content would be: loading, nothing there, and what to do when it failed.

import { h } from './dom.js';
import { t } from './i18n.js';

export function loading() {
  return h('p', { class: 'state state-loading', role: 'status' },
    h('span', { class: 'dots', 'aria-hidden': 'true' }), t('state.loading'));
}

export function emptyState(what, how) {
  return h('div', { class: 'state' }, h('p', { class: 'state-what' }, what), h('p', {}, how));
}

/** What went wrong, what to do about it, and a button to try again. */
export function failure(error, again) {
  return h('div', { class: 'state state-failed', role: 'alert' },
    h('p', { class: 'state-what' }, whatFailed(error)),
    h('p', {}, remedy(error)),
    again && h('button', { type: 'button', on: { click: again } }, t('state.again')));
}

/** One line for an error of the API. */
export function whatFailed(error) {
  if (error.status === 0) return t('error.unreachable');
  if (error.status === 403) return t('error.read_only');
  if (error.status === undefined) return t('error.page', { detail: error.message });
  return t('error.refused', { status: error.status, detail: error.message });
}

function remedy(error) {
  if (error.status === 0) return t('error.unreachable.how');
  if (error.status === 404) return t('error.unknown.how');
  if (error.status === 429 || error.status >= 500) return t('error.server.how');
  return t('error.other.how');
}
