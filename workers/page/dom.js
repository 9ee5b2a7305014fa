// Builds DOM from plain values. Text goes in as text nodes only: nothing an article holds is ever
// parsed as markup, run, or fetched.

const SVG = 'http://www.w3.org/2000/svg';
const LANG = /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i;
const PROPERTIES = new Set(['checked', 'disabled', 'value', 'selected', 'open', 'hidden']);

/** An element: `props` are attributes, `on` listeners by event, `data` data attributes. */
export function h(tag, props = {}, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), props, children);
}

function filled(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') listen(element, value);
    else if (name === 'data') Object.assign(element.dataset, value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (/^(on|style$|src)/i.test(name)) throw new Error(`not by attribute: ${name}`);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  fill(element, children);
  return element;
}

function listen(element, listeners) {
  for (const [event, listener] of Object.entries(listeners)) {
    element.addEventListener(event, listener);
  }
}

/** Puts children into an element; strings and numbers become text, null and false nothing. */
export function fill(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Replaces what an element holds. */
export function refill(element, ...children) {
  element.replaceChildren();
  return fill(element, ...children);
}

/** Text of a stranger, one code point for one: control characters become visible pictures of
 * themselves, and the two that turn whole sentences around are taken out of force. */
export function harmless(text) {
  return String(text ?? '').replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202d\u202e]/g,
    (sign) => (sign < ' ' ? String.fromCharCode(0x2400 + sign.charCodeAt(0)) : '\ufffd'),
  );
}

/** At most `most` code points, with an ellipsis where some are missing. */
export function clipped(text, most) {
  const value = String(text ?? '');
  if (value.length <= most) return value;
  const points = Array.from(value.slice(0, most * 2 + 2));
  return points.length <= most ? value : points.slice(0, most - 1).join('').trimEnd() + '…';
}

/** A stranger's words in a box of their own direction and language. */
export function said(text, { lang = null, most = 280, tag = 'bdi', ...props } = {}) {
  return h(tag, { ...props, lang: langOf(lang), dir: 'auto' }, harmless(clipped(text, most)));
}

/** A language tag that is safe to put into `lang`; null for what is none. */
export function langOf(lang) {
  return lang && lang !== 'und' && LANG.test(lang) ? lang : null;
}

/** A link to an article's page, or null: only http and https are addresses to follow. */
export function outward(url, ...children) {
  let address;
  try {
    address = new URL(url);
  } catch {
    return null;
  }
  if (!['http:', 'https:'].includes(address.protocol)) return null;
  const rel = 'noopener noreferrer nofollow';
  return h('a', { href: address.href, rel, target: '_blank', class: 'outward' }, children);
}

/** Only for screen readers. */
export function unseen(text) {
  return h('span', { class: 'unseen' }, text);
}
