// Why an article stands where it does: a sentence, similarities as bars, shared facts as chips.

import { h, said } from './dom.js';
import { number, share } from './formats.js';
import { lang, named, rich, t } from './i18n.js';

const KINDS = ['headline', 'meaning', 'facts', 'text'];

/** The sentence of a member; `titles` are the story's titles by article id. */
export function sentence(member, titles) {
  const { relation, evidence, matched_article_id: matched, redacted } = member;
  if (redacted) return h('p', { class: 'why' }, t('why.redacted'));
  if (!evidence) return null;
  if (member.rule) return h('p', { class: 'why' }, t('why.rule', { rule: member.rule }));
  if (lang() === 'en') return said(evidence.summary, { tag: 'p', class: 'why', most: 600 });
  if (!relation) return opened(evidence, member);
  // Inside «» stand „“.
  const inner = (titles.get(matched) ?? matched).replaceAll('«', '„').replaceAll('»', '“');
  const title = said(inner, { most: 100 });
  const facts = said(evidence.shared.slice(0, 4).join(', '), { most: 160 });
  const key = evidence.shared.length ? `why.${relation}.facts` : `why.${relation}`;
  return h('p', { class: 'why' }, rich(key, { title, facts }));
}

function opened(evidence, { score }) {
  if (!evidence.similarity) return h('p', { class: 'why' }, t('why.first'));
  const key = evidence.guards.length ? 'why.apart' : 'why.nearest';
  return h('p', { class: 'why' }, t(key, { score: share(score ?? 0) }));
}

/** The whole evidence, for who wants to check it. */
export function evidenceDetails(evidence) {
  if (!evidence) return null;
  return h('div', { class: 'evidence' },
    evidence.similarity && similarityBars(evidence.similarity),
    factChips(evidence.shared),
    guards(evidence.guards),
    h('p', { class: 'quiet-text' }, t('evidence.compared', { n: evidence.candidates }),
      ' · ', thresholds(evidence.thresholds), ' · ', t('evidence.model'), ' ',
      said(evidence.model?.version, { most: 80 })));
}

/** Four bars from 0 to 1. */
export function similarityBars(similarity) {
  return h('dl', { class: 'bars' }, KINDS.map((kind) => {
    const value = similarity[kind];
    return h('div', { class: 'bar', title: t(`similarity.${kind}.why`) },
      h('dt', {}, t(`similarity.${kind}`)),
      h('dd', {}, meter(value), h('span', { class: 'bar-value' }, share(value))));
  }));
}

function meter(value) {
  const fill = h('span', { class: 'meter-fill' });
  fill.style.width = `${Math.round(Math.max(0, Math.min(1, value)) * 100)}%`;
  return h('span', { class: 'meter', 'aria-hidden': 'true' }, fill);
}

/** Shared names, numbers and dates. */
export function factChips(shared) {
  if (!shared?.length) return null;
  return h('div', { class: 'facts' }, h('span', { class: 'facts-name' }, t('evidence.shared')),
    h('ul', { class: 'chips' },
      shared.map((fact) => h('li', {}, said(fact, { most: 80, class: 'chip' })))));
}

/** What spoke against joining. */
export function guards(spoke) {
  if (!spoke?.length) return null;
  return h('div', { class: 'facts' }, h('span', { class: 'facts-name' }, t('evidence.guards')),
    h('ul', { class: 'chips' },
      spoke.map((guard) => h('li', {}, said(guard, { most: 160, class: 'chip' })))));
}

function thresholds(values) {
  return Object.entries(values ?? {})
    .map(([name, value]) => `${named('threshold', name)} ${number(value, 2)}`).join(', ');
}
