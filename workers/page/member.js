// One article of a story: what it is, why it is here, and what an editor may say about it.

import { langTag } from './card.js';
import { h, outward, said } from './dom.js';
import { evidenceDetails, sentence } from './evidence.js';
import { at, share } from './formats.js';
import { named, t } from './i18n.js';
import { readOnly } from './token.js';

/**
 * The list item of a member. `story` holds `titles` by article id, `chosen` and `opened` sets of
 * ids, and what its buttons do: `choose`, `lead`, `apart`, `together`.
 */
export function memberRow(member, story) {
  const id = member.article_id;
  return h('li', { class: `member${member.is_lead ? ' member-lead' : ''}`, tabindex: '-1',
    data: { id } },
  chooser(member, story),
  h('div', { class: 'member-what' },
    h('div', { class: 'member-head' }, langTag(member.lang),
      said(member.title || t('untitled'), { lang: member.lang, tag: 'h3', class: 'member-title',
        most: 300 })),
    byline(member),
    sentence(member, story.titles),
    h('div', { class: 'member-foot' }, details(member, story), actions(member, story))),
  relation(member));
}

function chooser(member, story) {
  const id = member.article_id;
  return h('label', { class: 'member-choose', title: t('story.choose') },
    h('input', { type: 'checkbox', checked: story.chosen.has(id),
      'aria-label': t('story.choose.this', { title: member.title || id }),
      on: { change: (event) => story.choose(id, event.target.checked) } }));
}

function byline(member) {
  return h('p', { class: 'byline' },
    member.source && said(member.source, { class: 'source', most: 80 }),
    at(member.published_at ?? member.placed_at),
    member.version > 1 && h('span', {}, t('story.version', { version: member.version })),
    h('span', { class: 'id' }, said(member.article_id, { most: 60 })),
    outward(member.url, t('story.page')));
}

function relation(member) {
  const name = member.relation ?? 'opened';
  return h('div', { class: 'member-relation' },
    h('span', { class: `relation relation-${name}` }, named('relation', name)),
    member.is_lead && h('span', { class: 'badge badge-lead' }, t('story.lead')),
    member.relation && member.score !== null && h('span', { class: 'score',
      title: t('story.score.why') }, share(member.score)));
}

function details(member, story) {
  const id = member.article_id;
  if (!member.evidence || member.redacted) return null;
  return h('details', { class: 'member-evidence', open: story.opened.has(id),
    on: { toggle: (event) => {
      if (event.target.open) story.opened.add(id);
      else story.opened.delete(id);
    } } },
  h('summary', {}, t('story.evidence')), evidenceDetails(member.evidence));
}

function actions(member, story) {
  const disabled = readOnly();
  const button = (name, click) => h('button', { type: 'button', class: 'bare', disabled,
    title: disabled ? t('rules.read_only') : t(`rules.${name}.why`), data: { rule: name },
    on: { click } }, t(`rules.${name}`));
  return h('div', { class: 'member-actions', role: 'group', 'aria-label': t('rules.title') },
    !member.is_lead && button('lead', () => story.lead(member)),
    story.titles.size > 1 && button('apart', () => story.apart(member)),
    button('together', () => story.together(member)));
}
