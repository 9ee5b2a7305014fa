// Saying something about a story: which articles, why, and who says so; then what was answered.

import { get, path, post } from './api.js';
import { show } from './dialog.js';
import { fill, h, refill, said } from './dom.js';
import { t } from './i18n.js';
import { articlePicker, memberPicker } from './picker.js';
import { ruleItem } from './rules_panel.js';
import { failure } from './states.js';
import { readOnly } from './token.js';

const BY = 'onestory.by';

/**
 * Opens the dialog of a rule about a story. `subject` are the ids that are known already: of the
 * article (lead, apart, together), of both of them, or of the rule to revoke. `done` is called
 * after an answer that may have changed something.
 */
export function openRule(app, story, command, subject, done) {
  const rule = new RuleDialog(app, story, command, subject, done);
  rule.open();
}

class RuleDialog {
  constructor(app, story, command, subject, done) {
    Object.assign(this, { app, story, command, subject, done });
    this.titles = new Map((story?.members ?? []).map((each) => [each.article_id, each]));
  }

  open() {
    // Without the dots that say that a dialog opens.
    const title = t(`rules.${this.command}`).replace('…', '');
    const form = h('form', { class: 'stack rule-form', on: { submit: (event) => {
      event.preventDefault();
      this.#send(form);
    } } },
    h('p', {}, t(`rules.${this.command}.long`)),
    this.#subject(), this.#picker(), reasonAndName(this.command),
    h('div', { class: 'rule-answer', 'aria-live': 'assertive' }),
    h('div', { class: 'dialog-foot' },
      h('button', { class: 'primary', disabled: readOnly() }, title)));
    if (readOnly()) fill(form, h('p', { class: 'notice' }, t('rules.read_only')));
    this.shown = show({ title, body: form, wide: true });
    (form.querySelector('.picker input') ?? form.elements.reason).focus();
  }

  #subject() {
    if (this.command === 'revoke') return h('p', {}, h('code', {}, this.subject[0]));
    return h('ul', { class: 'rule-subject' }, this.subject.map((id) => h('li', {},
      said(this.titles.get(id)?.title || id, { lang: this.titles.get(id)?.lang, most: 160 }))));
  }

  #picker() {
    const needed = ['apart', 'together'].includes(this.command) && this.subject.length < 2;
    if (!needed) return null;
    const [first] = this.subject;
    return this.command === 'apart' ? memberPicker(this.story, first) : articlePicker(this.story);
  }

  async #send(form) {
    const answer = form.querySelector('.rule-answer');
    const body = this.#body(new FormData(form));
    const button = form.querySelector('.primary');
    localStorage.setItem(BY, body.by);
    button.disabled = true;
    refill(answer, h('p', { class: 'quiet-text' }, t('rules.sending')));
    try {
      this.#answered(form, await post(path('rules'), body));
    } catch (error) {
      button.disabled = readOnly();
      refill(answer, await this.#refusal(error));
    }
  }

  #body(data) {
    const by = data.get('by').trim();
    const reason = data.get('reason').trim();
    const said = { command: this.command, by, reason };
    if (this.command === 'revoke') return { ...said, rule: this.subject[0] };
    if (this.command === 'lead') return { ...said, article: this.subject[0] };
    return { ...said, articles: [...this.subject, data.get('other')].filter(Boolean).slice(0, 2) };
  }

  #answered(form, ruling) {
    const waits = ruling.answer === null;
    refill(form, h('div', { class: `ruling ruling-${waits ? 'waits' : 'accepted'}`, role: 'status' },
      h('p', { class: 'ruling-what' }, t(waits ? 'ruling.waits' : 'ruling.accepted')),
      waits ? h('p', {}, t('ruling.waits.how')) : said(ruling.detail, { tag: 'p', most: 600 }),
      h('p', { class: 'quiet-text' }, t('ruling.rule'), ' ', h('code', {}, ruling.rule))),
    h('div', { class: 'dialog-foot' }, h('button', { type: 'button', class: 'primary',
      on: { click: () => this.shown.close() } }, t('dialog.done'))));
    form.querySelector('.primary').focus();
    this.done();
  }

  async #refusal(error) {
    if (error.status === 403) {
      this.done();
      return h('p', { class: 'notice' }, t('rules.read_only'));
    }
    const inTheWay = error.problem?.in_the_way;
    if (error.status !== 409 || !inTheWay) return failure(error);
    const { rules } = await get(path('rules')).catch(() => ({ rules: [] }));
    const known = rules.filter(({ id }) => inTheWay.includes(id));
    const unknown = inTheWay.filter((id) => !known.some((rule) => rule.id === id));
    return h('div', { class: 'ruling ruling-refused', role: 'alert' },
      h('p', { class: 'ruling-what' }, t('ruling.refused')),
      said(error.message, { tag: 'p', most: 600 }),
      h('p', {}, t('ruling.in_the_way', { n: inTheWay.length })),
      h('ul', { class: 'rules' },
        known.map((rule) => ruleItem(rule, this.titles, () => this.#revoke(rule))),
        unknown.map((id) => h('li', {}, h('code', {}, id)))));
  }

  #revoke(rule) {
    this.shown.close();
    openRule(this.app, this.story, 'revoke', [rule.id], this.done);
  }
}

function reasonAndName(command) {
  return [
    h('label', { class: 'label', for: 'rule-reason' }, t('rules.reason')),
    h('input', { id: 'rule-reason', name: 'reason', required: true, maxlength: 500,
      pattern: '.*\\S.*', autocomplete: 'off', placeholder: t(`rules.${command}.example`) }),
    h('label', { class: 'label', for: 'rule-by' }, t('rules.by')),
    h('input', { id: 'rule-by', name: 'by', required: true, maxlength: 100, pattern: '.*\\S.*',
      autocomplete: 'name', value: localStorage.getItem(BY) ?? '' }),
  ];
}
