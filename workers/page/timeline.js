// A story's articles over time: a lane for each outlet, a mark for each article (its shape tells
// the relation, its colour the language), a curve to the article it was matched with.

import { clipped, h, harmless, s } from './dom.js';
import { clock, day, exact } from './formats.js';
import { named, t } from './i18n.js';
import { ticks } from './scale.js';

const MOST_LANES = 14;
const NARROW = 560;
const SIDE = 14;
const TOP = 26;
/** Marks closer than this in one lane are moved apart. */
const APART = 15;

/** A figure that draws itself as wide as its place; `chosen(id)` is called for a click on a mark. */
export function timeline(members, chosen) {
  const figure = h('figure', { class: 'timeline' });
  let drawn = 0;
  const draw = () => {
    const width = Math.floor(figure.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    figure.replaceChildren(drawing(members, width, chosen), legend(members));
  };
  new ResizeObserver(draw).observe(figure);
  return figure;
}

function drawing(members, width, chosen) {
  const narrow = width < NARROW;
  const lanes = lanesOf(members);
  const geometry = {
    left: narrow ? SIDE : Math.min(180, width * 0.24), right: width - SIDE,
    lane: narrow ? 40 : 28, drop: narrow ? 26 : 14, narrow,
  };
  const height = TOP + lanes.length * geometry.lane + 8;
  const marks = placed(members, lanes, geometry);
  const svg = s('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': t('timeline.label', { n: members.length, outlets: lanes.length }) });
  svg.append(axis(members, geometry, height), ...lanes.map((_, at) => rail(at, geometry)),
    ...curves(marks), ...lanes.map((lane, at) => laneName(lane, at, geometry)),
    ...marks.map((mark) => drawnMark(mark, chosen)));
  return svg;
}

function lanesOf(members) {
  const names = [...new Set(members.map(({ source }) => source ?? ''))];
  if (names.length <= MOST_LANES) return names.map((name) => ({ name, holds: new Set([name]) }));
  const rest = names.slice(MOST_LANES - 1);
  const kept = names.slice(0, MOST_LANES - 1).map((name) => ({ name, holds: new Set([name]) }));
  return [...kept, { name: t('timeline.rest', { n: rest.length }), holds: new Set(rest) }];
}

const timeOf = (member) => Date.parse(member.published_at ?? member.placed_at);

function span(members) {
  const times = members.map(timeOf).filter(Number.isFinite);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  // A minute at least: a story of one moment stands in the middle.
  const pad = Math.max(30_000, (last - first) * 0.03);
  return [first - pad, last + pad];
}

function placed(members, lanes, { left, right, lane, drop }) {
  const [first, last] = span(members);
  const ends = lanes.map(() => -Infinity);
  return members.map((member) => {
    const row = lanes.findIndex(({ holds }) => holds.has(member.source ?? ''));
    const wanted = left + ((timeOf(member) - first) / (last - first)) * (right - left);
    const x = Math.min(right, Math.max(wanted || left, ends[row] + APART));
    ends[row] = x;
    return { member, x, y: TOP + row * lane + drop };
  });
}

function axis(members, { left, right }, height) {
  const [first, last] = span(members);
  const group = s('g', { class: 'axis' });
  const days = new Date(first).toDateString() !== new Date(last).toDateString();
  for (const time of ticks(first, last, Math.max(2, Math.floor((right - left) / 110)))) {
    const x = left + ((time - first) / (last - first)) * (right - left);
    const label = days ? `${day(time)} ${clock(time)}` : clock(time);
    group.append(s('line', { x1: x, x2: x, y1: TOP - 6, y2: height - 4 }),
      s('text', { x, y: 13, 'text-anchor': 'middle' }, label));
  }
  return group;
}

function rail(at, { left, right, lane, drop }) {
  const y = TOP + at * lane + drop;
  return s('line', { class: 'rail', x1: left, x2: right, y1: y, y2: y });
}

function laneName({ name }, at, { left, lane, drop, narrow }) {
  const y = TOP + at * lane + drop;
  const most = narrow ? 48 : Math.floor((left - 16) / 6.6);
  return s('text', { class: 'lane-name', x: narrow ? left : 2, y: narrow ? y - 12 : y + 4 },
    clipped(harmless(name || t('timeline.no_source')), most));
}

function curves(marks) {
  const byId = new Map(marks.map((mark) => [mark.member.article_id, mark]));
  return marks.flatMap((to) => {
    const from = byId.get(to.member.matched_article_id);
    if (!from || !to.member.relation) return [];
    const middle = (from.x + to.x) / 2;
    const bend = from.y === to.y ? -12 : 0;
    const d = `M${from.x},${from.y} C${middle},${from.y + bend} ${middle},${to.y + bend} ${to.x},${to.y}`;
    return [s('path', { d, class: `curve curve-${to.member.relation}` })];
  });
}

function drawnMark({ member, x, y }, chosen) {
  const known = ['ru', 'en'].includes(member.lang) ? member.lang : 'other';
  const mark = s('g', { class: `mark mark-${known}`, transform: `translate(${x},${y})`,
    on: { click: () => chosen(member.article_id) } },
  s('title', {}, [member.source, exact(member.published_at ?? member.placed_at),
    named('relation', member.relation ?? 'opened'), clipped(member.title, 120)]
    .filter(Boolean).map(harmless).join('\n')),
  member.is_lead && s('circle', { r: 10, class: 'mark-ring' }),
  shape(member.relation));
  return mark;
}

function shape(relation) {
  const shapes = {
    copy: () => s('rect', { x: -5, y: -5, width: 10, height: 10 }),
    revision: () => s('path', { d: 'M0,-7 L7,0 L0,7 L-7,0 Z' }),
    translation: () => s('path', { d: 'M-6,-6 L7,0 L-6,6 Z' }),
    rewrite: () => s('circle', { r: 5.5 }),
  };
  return (shapes[relation] ?? (() => s('path', {
    d: 'M0,-8 L2.2,-2.8 L7.8,-2.4 L3.6,1.2 L4.9,6.6 L0,3.7 L-4.9,6.6 L-3.6,1.2 L-7.8,-2.4 L-2.2,-2.8 Z',
  })))();
}

function legend(members) {
  const relations = [...new Set(members.map(({ relation }) => relation ?? 'opened'))];
  return h('figcaption', { class: 'legend' }, relations.map((name) => h('span', {},
    s('svg', { width: 16, height: 16, viewBox: '-8 -8 16 16', class: 'legend-mark',
      'aria-hidden': 'true' }, shape(name)), named('relation', name))),
  h('span', {}, s('svg', { width: 20, height: 20, viewBox: '-11 -11 22 22', class: 'legend-mark',
    'aria-hidden': 'true' }, s('circle', { r: 10, class: 'mark-ring' })), t('story.lead')));
}
