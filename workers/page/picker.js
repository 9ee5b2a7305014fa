// Choosing the other article of a rule: a member of the same story, or one found in another story.

import { get, path } from './api.js';
import { langTag } from './card.js';
import { h, refill, said } from './dom.js';
import { t } from './i18n.js';
import { failure } from './states.js';

const FOUND = 8;
const TYPING_MS = 250;

/** Radio buttons of the story's other members; the matched one, or the lead, is chosen. */
export function memberPicker(story, first) {
  const others = story.members.filter(({ article_id: id }) => id !== first);
  const { matched_article_id: matched } = story.members.find((each) => each.article_id === first);
  const wanted = others.find(({ article_id: id }) => id === matched)
    ?? others.find((each) => each.is_lead) ?? others[0];
  return h('fieldset', { class: 'picker' }, h('legend', {}, t('picker.apart_from')),
    h('div', { class: 'picker-options' },
      others.map((member) => option(member, member === wanted))));
}

/** A search over other stories; what is found are their headlines, one a language. */
export function articlePicker(story) {
  const found = h('div', { class: 'picker-options', 'aria-live': 'polite' });
  let typing = 0;
  let last = 0;
  const input = h('input', { id: 'picker-search', type: 'search', autocomplete: 'off',
    placeholder: t('picker.search.example'), on: { input: () => {
      clearTimeout(typing);
      typing = setTimeout(look, TYPING_MS);
    } } });
  const look = async () => {
    const mine = (last += 1);
    try {
      const query = { q: input.value.trim(), state: 'open', limit: FOUND + 1 };
      const { stories } = await get(path('stories'), query);
      if (mine === last) refill(found, offered(stories, story, chosenIn(found)));
    } catch (error) {
      refill(found, failure(error, look));
    }
  };
  look();
  return h('fieldset', { class: 'picker' }, h('legend', {}, t('picker.together_with')),
    h('label', { class: 'unseen', for: 'picker-search' }, t('picker.search')), input, found);
}

/** The option that is chosen, or null: it stays, whatever is searched for next. */
function chosenIn(found) {
  return found.querySelector(':checked')?.closest('.picker-option') ?? null;
}

function offered(stories, own, chosen) {
  const id = chosen?.querySelector('input').value;
  const others = stories.filter((each) => each.id !== own.id).slice(0, FOUND)
    .flatMap(({ headlines }) => headlines).filter((each) => each.article_id !== id);
  if (!others.length && !chosen) return h('p', { class: 'quiet-text' }, t('picker.nothing'));
  return [chosen, others.map((each) => option(each, false))];
}

function option({ article_id: id, lang, title, source }, checked) {
  return h('label', { class: 'picker-option' },
    h('input', { type: 'radio', name: 'other', value: id, checked, required: true }),
    langTag(lang),
    h('span', {}, said(title || t('untitled'), { lang, most: 140 }),
      source && h('span', { class: 'byline' }, said(source, { most: 60 }))));
}
