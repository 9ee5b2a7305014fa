// Cuts a text at its marks. Offsets are Unicode code points, as Python counts them.

/**
 * Pieces `{text, group}` of a text; `group` is null between marks. Marks are `[start, end, group]`;
 * one that overlaps an earlier one, or lies outside the text, is cut or left out.
 */
export function pieces(text, marks, most = Infinity) {
  const points = Array.from(text);
  const end = Math.min(points.length, most);
  const found = [];
  let done = 0;
  const take = (upTo, group) => {
    if (upTo > done) found.push({ text: points.slice(done, upTo).join(''), group });
    done = Math.max(done, upTo);
  };
  for (const [from, to, group] of [...marks].sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (to <= done || from >= end) continue;
    take(Math.min(from, end), null);
    take(Math.min(to, end), group);
  }
  take(end, null);
  return found;
}
