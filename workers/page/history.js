// What happened to a story, in words: its lineage (mergers and splits) and its history.

import { h, said } from './dom.js';
import { at } from './formats.js';
import { lang, named, rich, t } from './i18n.js';
import { storyHash } from './router.js';

/** Stories that this one took in, came from, or gave articles to; null without any. */
export function lineage(story, events) {
  const lines = [
    ...story.absorbed.map((id) => ['lineage.absorbed', id]),
    ...of(events, 'story.split').map(({ data }) => ['lineage.split', data.moved_to,
      data.article_ids.length]),
    ...[...new Set(events.map(({ data }) => data.split_from))]
      .filter((id) => id && id !== story.id).map((id) => ['lineage.from', id]),
    ...(story.merged_into && story.merged_into !== story.id ? [['lineage.into', story.merged_into]] : []),
  ];
  if (!lines.length) return null;
  return h('section', { class: 'panel' }, h('h2', {}, t('lineage.title')),
    h('ul', { class: 'lineage' }, lines.map(([key, id, n]) =>
      h('li', {}, rich(key, { story: storyLink(id), n })))));
}

const of = (events, type) => events.filter((event) => event.type === type);

function storyLink(id) {
  return h('a', { href: storyHash(id), class: 'id' }, id);
}

/** Every event, newest first. */
export function historyList(story, events) {
  const byId = new Map(events.map((event) => [event.id, event]));
  const titles = new Map(story.members.map((each) => [each.article_id, each.title]));
  const entries = [...story.history].reverse();
  return h('section', { class: 'panel' }, h('h2', {}, t('history.title')),
    h('ol', { class: 'history' }, entries.map((entry) => h('li', {},
      h('div', { class: 'history-when' }, at(entry.time), ' · ',
        h('span', { class: 'what' }, named('event', entry.type))),
      worded(entry, byId.get(entry.event_id)?.data, titles)))));
}

/** The entry in the reader's language where its event is at hand, else in the server's words. */
function worded(entry, data, titles) {
  const sentence = data && inWords(entry.type, data, titles);
  if (sentence) return h('p', {}, sentence);
  return h('p', { lang: lang() === 'en' ? null : 'en' }, said(entry.text, { most: 400 }));
}

function inWords(type, data, titles) {
  const name = (id) => said(titles.get(id) || id, { most: 90 });
  const source = said(data.source ?? t('timeline.no_source'), { most: 60 });
  const title = data.redacted ? t('history.withdrawn') : said(data.title || data.article_id,
    { lang: data.lang, most: 90 });
  const because = data.rule && [' · ', rich('history.rule', { rule: data.rule })];
  const sentences = {
    'story.opened': () => rich('history.opened', { source, title }),
    'story.joined': () => data.relation && rich('history.joined', { source, title,
      relation: named('relation', data.relation) }),
    'story.revised': () => revised(data, name(data.article_id)),
    'story.merged': () => rich('history.merged', { story: storyLink(data.merged_into),
      n: data.article_ids.length }),
    'story.split': () => rich('history.split', { story: storyLink(data.moved_to),
      n: data.article_ids.length }),
    'story.retracted': () => [t('history.retracted')],
    'story.closed': () => [t('history.closed')],
  };
  const sentence = sentences[type]?.();
  return sentence && [sentence, because];
}

function revised(data, article) {
  const key = `history.revised.${data.change}`;
  return rich(key, { article, version: data.new_version ?? '' });
}

