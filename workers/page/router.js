// What the address says: `#/story/ID`, `#/compare/A/B`, `#/health`, else the list and its filters.

/** `{name, parts, query}` of a hash. */
export function parsedRoute(hash) {
  const [where = '', search = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [name, ...parts] = where.split('/').map(decoded);
  return { name: name || 'stories', parts, query: new URLSearchParams(search) };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The hash of a route; ids may hold anything. */
export function hashOf(name, parts = [], query = '') {
  const where = [name, ...parts].map(encodeURIComponent).join('/');
  const search = String(query);
  return `#/${where}${search ? `?${search}` : ''}`;
}

export const storyHash = (id) => hashOf('story', [id]);
export const compareHash = (a, b) => hashOf('compare', [a, b]);
