// How a list that is on the screen and a newer answer of the API go together.

/**
 * `order` is the answer's, with rows below it kept where they were; `moved` are those that came
 * or rose; `gone` those that a whole answer no longer holds.
 */
export function merged(shown, answered, isWhole) {
  const inAnswer = new Set(answered);
  const missing = shown.filter((id) => !inAnswer.has(id));
  // Below a cut answer rows may well still be; above its length they have left it.
  const covered = isWhole ? shown.length : answered.length;
  const gone = missing.filter((id) => shown.indexOf(id) < covered && isWhole);
  const lost = new Set(gone);
  const order = [...answered, ...missing.filter((id) => !lost.has(id))];
  return { order, moved: risen(shown, answered), gone };
}

/** Ids that are new or overtook another one. */
function risen(shown, answered) {
  const place = new Map(shown.map((id, at) => [id, at]));
  const found = [];
  // From below: what stands higher than something that used to stand above it has risen.
  let highest = Infinity;
  for (const id of [...answered].reverse()) {
    const was = place.get(id);
    if (was === undefined || was > highest) found.push(id);
    else highest = was;
  }
  return found.reverse();
}
