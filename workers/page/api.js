// Requests to the HTTP API. A 401 asks for a token and tries again; other refusals are `Refused`.

import { askForToken, mayOnlyRead, token } from './token.js';

/** Relative to where this module came from, so that a proxy may put a prefix before it all. */
const ROOT = new URL('../', import.meta.url);

/** The API said no, or could not be reached (`status` 0). */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}

/** A path from parts, each of them percent-encoded: ids may hold anything. */
export function path(...parts) {
  return 'v1/' + parts.map(encodeURIComponent).join('/');
}

/** Fetches with the token, again and again as long as the API asks for another one. */
export async function authorised(where, options = {}) {
  for (;;) {
    const used = token();
    const headers = { ...options.headers };
    if (used) headers.Authorization = `Bearer ${used}`;
    const response = await fetch(new URL(where, ROOT), { ...options, headers, cache: 'no-store' });
    if (response.status !== 401) return response;
    await askForToken(used);
  }
}

/** GET; `params` may hold lists, and what is empty is left out. */
export function get(where, params = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const each of [value].flat()) {
      if (each !== '' && each !== null && each !== undefined) query.append(name, each);
    }
  }
  return answered(query.size ? `${where}?${query}` : where, { signal });
}

/** POST of JSON. */
export function post(where, body) {
  const headers = { 'Content-Type': 'application/json' };
  return answered(where, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function answered(where, options) {
  let response;
  try {
    response = await authorised(where, options);
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refused(0, { detail: '' });
  }
  const body = await response.json().catch(() => ({}));
  if (response.status === 403) mayOnlyRead();
  if (!response.ok) throw new Refused(response.status, body ?? {});
  return body;
}
