// "Where is my item": the way of one article, by the id its feed gave it.

import { get, path } from './api.js';
import { h, refill, said } from './dom.js';
import { at } from './formats.js';
import { lang, named, t } from './i18n.js';
import { hashOf, storyHash } from './router.js';
import { failure, loading } from './states.js';

/** The box; asks at once if an id is given. */
export function traceBox(id) {
  const answer = h('div', { class: 'trace-answer', 'aria-live': 'polite' });
  const input = h('input', { id: 'trace-id', name: 'id', type: 'search', value: id ?? '',
    required: true, autocomplete: 'off', spellcheck: 'false', placeholder: 'priboi-103' });
  const look = () => tell(input.value.trim(), answer);
  if (id) look();
  return h('section', { class: 'panel trace', id: 'trace' },
    h('h2', {}, h('label', { for: 'trace-id' }, t('trace.title'))),
    h('form', { class: 'trace-form', on: { submit: (event) => {
      event.preventDefault();
      const query = new URLSearchParams({ item: input.value.trim() });
      history.replaceState(null, '', hashOf('health', [], query));
      look();
    } } }, input, h('button', { class: 'primary' }, t('trace.ask'))),
    h('p', { class: 'quiet-text' }, t('trace.how')), answer);
}

async function tell(id, answer) {
  if (!id) return;
  refill(answer, loading());
  try {
    refill(answer, told(await get(path('articles', id, 'trace'))));
  } catch (error) {
    refill(answer, failure(error, () => tell(id, answer)));
  }
}

function told({ state, summary, steps }) {
  const foreign = lang() === 'en' ? null : 'en';
  const story = steps.findLast((step) => step.story_id)?.story_id;
  return [
    h('p', { class: 'trace-state' }, h('span', { class: `badge badge-${state}` },
      named('trace', state)), ' ', h('span', { lang: foreign }, said(summary, { most: 400 })),
    story && [' ', h('a', { href: storyHash(story) }, t('trace.story'))]),
    steps.length > 0 && h('ol', { class: 'history' }, steps.map((step) => h('li', {},
      h('div', { class: 'history-when' }, at(step.time), ' · ',
        h('span', { class: 'what' }, named('step', step.step))),
      h('p', { lang: foreign }, said(step.text, { most: 400 })),
      h('p', { class: 'byline' }, step.entry_id && h('code', {}, step.entry_id),
        step.story_id && h('a', { class: 'id', href: storyHash(step.story_id) }, step.story_id)))),
    ),
  ];
}
