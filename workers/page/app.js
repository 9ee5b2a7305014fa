// Starts the page: header, live connection, keyboard, and the view that the address names.

import { CompareView } from './compare.js';
import { refill } from './dom.js';
import { age } from './formats.js';
import { connection, drawHeader } from './header.js';
import { HealthView } from './health.js';
import { listenToKeys, showHelp } from './keys.js';
import { ListView } from './list.js';
import { Live } from './live.js';
import { hashOf, parsedRoute } from './router.js';
import { StoryView } from './story.js';
import { applyTheme } from './theme.js';

const AGE_MS = 15_000;

class App {
  route = parsedRoute(location.hash);
  view = null;
  #main = document.getElementById('main');
  #list = null;
  #scrolled = 0;
  #dirty = false;
  #searching = false;

  constructor() {
    this.live = new Live((state) => this.#connected(state), (event) => this.#told(event));
  }

  start() {
    applyTheme();
    addEventListener('hashchange', () => this.#navigate());
    document.addEventListener('token', () => this.#header());
    document.addEventListener('visibilitychange', () => this.#catchUp());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#header());
    document.getElementById('skip').addEventListener('click', (event) => {
      event.preventDefault();
      this.#main.focus();
    });
    listenToKeys(this);
    setInterval(age, AGE_MS);
    this.#show();
    this.live.run();
  }

  go(hash) {
    location.hash = hash;
  }

  help() {
    showHelp();
  }

  /** Back to where the list was, or to a story from a comparison of its articles. */
  back() {
    if (this.view.back) this.go(this.view.back());
    else if (this.route.name !== 'stories') this.go(this.#listHash());
  }

  search() {
    if (this.route.name === 'stories') document.getElementById('search').focus();
    else {
      this.#searching = true;
      this.go(this.#listHash());
    }
  }

  /** Draws everything anew, in another language say, and focuses the button that asked. */
  redraw(focused) {
    this.#list = null;
    this.#show();
    document.getElementById(focused)?.focus();
  }

  /** The title of the window. */
  titled(title) {
    document.title = `${title} · onestory`;
  }

  /** Says something to screen readers. */
  announce(text) {
    document.getElementById('announcer').textContent = text;
  }

  #listHash() {
    return hashOf('stories', [], this.#list?.filters ?? '');
  }

  #navigate() {
    const left = this.route;
    if (left.name === 'stories') this.#scrolled = scrollY;
    this.route = parsedRoute(location.hash);
    this.#show();
    if (this.route.name === 'stories') {
      scrollTo({ top: this.#scrolled, behavior: 'instant' });
      if (this.#searching) document.getElementById('search').focus();
      else if (left.name === 'story') this.view.focus(left.parts[0]);
      this.#searching = false;
    } else {
      scrollTo({ top: 0, behavior: 'instant' });
      this.#main.focus({ preventScroll: true });
    }
  }

  #show() {
    this.view?.leave?.();
    this.view = this.#made();
    this.#header();
    refill(this.#main, this.view.element);
    this.#main.className = `main main-${this.route.name}`;
    this.titled(this.view.title);
  }

  #made() {
    const { name, parts, query } = this.route;
    if (name === 'story') return new StoryView(this, parts[0] ?? '');
    if (name === 'compare') return new CompareView(this, parts[0] ?? '', parts[1] ?? '');
    if (name === 'health') return new HealthView(this, query);
    if (!this.#list?.shows(query)) this.#list = new ListView(this, query);
    else this.#list.onLive();
    return this.#list;
  }

  #header() {
    drawHeader(document.getElementById('top'), this);
  }

  #connected(state) {
    const old = document.getElementById('connection');
    const focused = old === document.activeElement;
    const fresh = connection(state, this);
    old?.replaceWith(fresh);
    if (focused) fresh.focus();
    if (state.name === 'live') this.view?.onLive?.();
  }

  #told(event) {
    if (document.hidden) this.#dirty = true;
    // After a gap nobody knows what was missed.
    else if (event.type === 'gap') this.view?.onLive?.();
    else this.view?.onEvent?.(event);
  }

  #catchUp() {
    if (document.hidden || !this.#dirty) return;
    this.#dirty = false;
    this.view?.onLive?.();
  }
}

new App().start();
