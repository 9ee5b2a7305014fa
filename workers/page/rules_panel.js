// What editors have said about the articles of a story, and the button that takes it back.

import { h, said } from './dom.js';
import { at } from './formats.js';
import { named, rich, t } from './i18n.js';
import { readOnly } from './token.js';

/** Rules that name an article of the story; `revoke(rule)` is called for its button. */
export function rulesPanel(story, rules, revoke) {
  const members = new Map(story.members.map((each) => [each.article_id, each]));
  const about = rules.filter((rule) => subjects(rule).some((id) => members.has(id)));
  return h('section', { class: 'panel', id: 'rules' }, h('h2', {}, t('rules.title')),
    readOnly() && h('p', { class: 'notice' }, t('rules.read_only')),
    about.length
      ? h('ul', { class: 'rules' }, about.map((rule) => ruleItem(rule, members, revoke)))
      : h('p', { class: 'quiet-text' }, t('rules.none')));
}

/** Ids of the articles that a rule is about. */
export function subjects(rule) {
  return rule.articles ?? (rule.article ? [rule.article] : []);
}

/** A rule in words; `revoke` is left out where it can't be taken back. */
export function ruleItem(rule, members, revoke = null) {
  return h('li', { class: 'rule' },
    h('p', {}, h('b', {}, named('command', rule.command)), ' ',
      subjects(rule).map((id, place) => [place ? ' · ' : '',
        said(members.get(id)?.title || id, { lang: members.get(id)?.lang, most: 70 })])),
    h('p', { class: 'quiet-text' }, rich('rules.said', { by: said(rule.by, { most: 60 }),
      when: at(rule.at), reason: said(rule.reason, { most: 200 }) }), ' ', h('code', {}, rule.id)),
    revoke && h('button', { type: 'button', class: 'quiet', disabled: readOnly(),
      data: { revoke: rule.id }, title: readOnly() ? t('rules.read_only') : t('rules.revoke.why'),
      on: { click: () => revoke(rule) } }, t('rules.revoke')));
}
