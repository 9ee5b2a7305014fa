// Server-sent events from a stream of text, as the HTML standard (9.2.6) has them parsed.

/** Collects chunks; `push` gives back the events they complete: `{id, type, data}`. */
export class SseParser {
  #rest = '';
  #data = [];
  #type = '';
  lastId = '';

  push(chunk) {
    const events = [];
    const text = this.#rest + chunk;
    // A carriage return at the end may be the first half of a line's end.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    for (const line of lines) {
      const event = this.#line(line);
      if (event) events.push(event);
    }
    return events;
  }

  #line(line) {
    if (line === '') return this.#dispatched();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#type = value;
    else if (field === 'id' && !value.includes('\0')) this.lastId = value;
    return null;
  }

  #dispatched() {
    const event = { id: this.lastId, type: this.#type || 'message', data: this.#data.join('\n') };
    const empty = this.#data.length === 0 && this.#type === '';
    this.#data = [];
    this.#type = '';
    return empty ? null : event;
  }
}
