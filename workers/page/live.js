// Follows /v1/events. By fetch, since EventSource can't send a token; resumes after the last
// event seen, waits longer after every failure, and tells what state the connection is in.

import { authorised, path } from './api.js';
import { SseParser } from './sse.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** The server sends a comment every 15 s: three missing ones mean that nobody is there. */
const SILENCE_MS = 45_000;
/** What it sends on a stream that it holds open until Redis is back (workers/api/events.py). */
const AWAY = ': Redis is away';
/** A tab that nobody sees gives its connection back: a browser has six for each host. */
const UNSEEN_MS = 30_000;

export class Live {
  #tell;
  #onEvent;
  #lastId = null;
  #failures = 0;
  #abort = null;
  #wake = null;
  #doze = 0;
  state = { name: 'connecting' };

  /** `tell(state)` with name `connecting`, `live` or `waiting`; `onEvent({id, type, event})`. */
  constructor(tell, onEvent) {
    this.#tell = tell;
    this.#onEvent = onEvent;
    addEventListener('online', () => this.retry());
  }

  /** Runs as long as the page does. */
  async run() {
    document.addEventListener('visibilitychange', () => this.#seen());
    for (;;) {
      this.#set({ name: 'connecting' });
      await untilSeen();
      try {
        await this.#follow();
      } catch {
        // Whatever ended it, the answer is to come back.
      }
      this.#failures += 1;
      await this.#pause();
    }
  }

  /** Comes back at once if it waits. */
  retry() {
    this.#failures = 0;
    this.#wake?.();
  }

  #seen() {
    clearTimeout(this.#doze);
    if (document.hidden) this.#doze = setTimeout(() => this.#abort?.abort(), UNSEEN_MS);
    else this.retry();
  }

  #set(state) {
    this.state = state;
    this.#tell(state);
  }

  async #follow() {
    this.#abort = new AbortController();
    const headers = { Accept: 'text/event-stream' };
    if (this.#lastId) headers['Last-Event-ID'] = this.#lastId;
    const { signal } = this.#abort;
    const response = await authorised(path('events'), { headers, signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    this.#failures = 0;
    await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader());
  }

  async #read(reader) {
    const parser = new SseParser();
    for (;;) {
      const timer = setTimeout(() => this.#abort.abort(), SILENCE_MS);
      const { value, done } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      this.#said(value.startsWith(AWAY) ? 'connecting' : 'live');
      for (const { id, type, data } of parser.push(value)) {
        if (id) this.#lastId = id;
        this.#onEvent({ id, type, event: parsed(data) });
      }
    }
  }

  #said(name) {
    if (name !== this.state.name) this.#set({ name });
  }

  #pause() {
    const most = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (this.#failures - 1));
    // A third of chance, so that a hundred pages don't all come back in the same moment.
    const wait = most * (1 - Math.random() / 3);
    this.#set({ name: 'waiting', until: Date.now() + wait });
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function untilSeen() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', resolve, { once: true });
  });
}

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
