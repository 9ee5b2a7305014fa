// Where an axis gets its ticks: round times and round numbers.

const MINUTE = 60_000;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080].map((n) => n * MINUTE);

/** At most `most` round times between two, in ms; hours are those of the reader's clock. */
export function ticks(first, last, most) {
  const step = STEPS.find((each) => (last - first) / each <= most) ?? STEPS.at(-1);
  const shift = new Date(first).getTimezoneOffset() * MINUTE;
  const found = [];
  for (let at = Math.ceil((first - shift) / step) * step + shift; at <= last; at += step) {
    found.push(at);
  }
  return found;
}

/** The next round number at or above a value: 1, 2 or 5 times a power of ten. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * [1, 2, 5, 10].find((each) => each * power >= value * (1 - 1e-9));
}
