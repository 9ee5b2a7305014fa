// Small plots as inline SVG: a line over time, and bars.

import { h, s } from './dom.js';
import { clock } from './formats.js';
import { roundUp, ticks } from './scale.js';

const HEIGHT = 96;
const LEFT = 40;
const BOTTOM = 18;
const TOP = 8;
const TICK_WIDTH = 90;

/**
 * A line over time. `points` are `{at, value}`, value null for a gap; `format` writes a value;
 * `most` is the axis' end where the measure has one (1 for a share). `label` describes it.
 */
export function linePlot(points, { format, most = null, label }) {
  const figure = h('div', { class: 'plot' });
  let drawn = 0;
  const draw = () => {
    const width = Math.floor(figure.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    figure.replaceChildren(drawing(points, width, { format, most, label }));
  };
  new ResizeObserver(draw).observe(figure);
  return figure;
}

function drawing(points, width, { format, most, label }) {
  const top = most ?? roundUp(Math.max(...points.map(({ value }) => value ?? 0), 0));
  const first = Date.parse(points[0]?.at);
  const last = Date.parse(points.at(-1)?.at);
  const x = (at) => LEFT + ((Date.parse(at) - first) / (last - first || 1)) * (width - LEFT - 4);
  const y = (value) => TOP + (1 - Math.min(1, value / top)) * (HEIGHT - TOP - BOTTOM);
  const svg = s('svg', { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img',
    'aria-label': label });
  svg.append(...levels([0, top], y, width, format));
  for (const time of ticks(first, last, Math.floor((width - LEFT) / TICK_WIDTH))) {
    const at = LEFT + ((time - first) / (last - first)) * (width - LEFT - 4);
    svg.append(s('text', { x: at, y: HEIGHT - 4, 'text-anchor': 'middle' }, clock(time)));
  }
  for (const run of runs(points)) {
    if (run.length === 1) {
      svg.append(s('circle', { class: 'plot-point', cx: x(run[0].at), cy: y(run[0].value), r: 2 }));
      continue;
    }
    const line = run.map(({ at, value }) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`);
    const ground = `${x(run.at(-1).at).toFixed(1)},${y(0)} ${x(run[0].at).toFixed(1)},${y(0)}`;
    svg.append(s('polygon', { class: 'plot-area', points: `${line.join(' ')} ${ground}` }),
      s('polyline', { class: 'plot-line', points: line.join(' ') }));
  }
  return svg;
}

function levels(values, y, width, format) {
  return values.flatMap((value) => [
    s('line', { class: 'plot-level', x1: LEFT, x2: width - 4, y1: y(value), y2: y(value) }),
    s('text', { x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end' }, format(value)),
  ]);
}

/** The series from its first minute that tells something, but `least` minutes of it. */
export function sinceFirst(series, tells, least) {
  const first = series.findIndex(tells);
  const from = first < 0 ? series.length : first - 1;
  return series.slice(Math.max(0, Math.min(from, series.length - least)));
}

/** Stretches without a gap. */
export function runs(points) {
  const found = [[]];
  for (const point of points) {
    if (point.value === null || point.value === undefined) found.push([]);
    else found.at(-1).push(point);
  }
  return found.filter(({ length }) => length > 0);
}

/** Horizontal bars: `rows` are `{name, value, kind}`; names may be nodes. */
export function bars(rows, format) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return h('dl', { class: 'bars bars-counts' }, rows.map(({ name, value, kind = '' }) => {
    const fill = h('span', { class: `meter-fill ${kind}` });
    fill.style.width = `${(value / most) * 100}%`;
    return h('div', { class: 'bar' }, h('dt', {}, name),
      h('dd', {}, h('span', { class: 'meter', 'aria-hidden': 'true' }, fill),
        h('span', { class: 'bar-value' }, format(value))));
  }));
}
