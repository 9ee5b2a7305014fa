// The bar at the top: where one is, the connection, language, theme, help, signing out.

import { h, refill } from './dom.js';
import { lang, setLang, t } from './i18n.js';
import { hashOf } from './router.js';
import { switchTheme, theme } from './theme.js';
import { signOut, token } from './token.js';

/** Draws the bar into its place; `app` does what its buttons ask for. */
export function drawHeader(place, app) {
  refill(place,
    h('a', { class: 'brand', href: hashOf('stories') }, 'one', h('b', {}, 'story')),
    h('nav', { 'aria-label': t('nav.label') },
      link('stories', app), link('health', app)),
    h('div', { class: 'tools' },
      connection(app.live.state, app),
      other(app), themeButton(app),
      button('?', t('help.title'), () => app.help(), 'help'),
      token() && h('button', { type: 'button', class: 'quiet', on: { click: () => {
        signOut();
        location.reload();
      } } }, t('token.out'))));
  document.getElementById('skip').textContent = t('nav.skip');
  document.documentElement.lang = lang();
}

function link(name, app) {
  const here = app.route.name === name || (name === 'stories' && app.route.name !== 'health');
  return h('a', { href: hashOf(name), 'aria-current': here ? 'page' : null }, t(`nav.${name}`));
}

/** The state of the live connection; a button that tries again while it waits. */
export function connection(state, app) {
  const text = t(`live.${state.name}`);
  const attributes = { id: 'connection', class: `live live-${state.name}` };
  const inside = [h('span', { class: 'dot', 'aria-hidden': 'true' }), h('span', {}, text)];
  if (state.name !== 'waiting') {
    return h('span', { ...attributes, role: 'status', title: t(`live.${state.name}.why`) }, inside);
  }
  return h('button', { ...attributes, type: 'button', title: t('live.waiting.why'),
    on: { click: () => app.live.retry() } }, inside);
}

function other(app) {
  const next = lang() === 'ru' ? 'en' : 'ru';
  const label = next === 'ru' ? 'Русский' : 'English';
  return h('button', { type: 'button', class: 'icon', id: 'language', lang: next,
    'aria-label': label, title: label, on: { click: () => {
      setLang(next);
      app.redraw('language');
    } } }, next.toUpperCase());
}

function themeButton(app) {
  const next = theme() === 'dark' ? 'light' : 'dark';
  return button(next === 'dark' ? '☾' : '☀', t(`theme.${next}`), () => {
    switchTheme();
    drawHeader(document.getElementById('top'), app);
    document.getElementById('theme').focus();
  }, 'theme');
}

function button(sign, label, click, id = null) {
  return h('button', { type: 'button', class: 'icon', id, 'aria-label': label, title: label,
    on: { click } }, sign);
}
