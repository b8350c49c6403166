// SPDX-License-Identifier: MIT
import { byId, setSentence } from './dom.js';
import { sentence } from './names.js';

/** In Safari the Enter that ends a composition comes after its end, as this. */
const OF_COMPOSITION = 229;

/** The field in which one writes. Enter sends, Shift and Enter begin a line. */
export class Composer {
  #form = byId('composer');
  #text = byId('composer-text');
  #label = byId('composer-label');
  #drafts = new Map();
  #key = null;

  /** `changed()` is called where a draft is another. */
  constructor({ say, typing, changed }) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send(say);
    });
    this.#text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing
        || event.keyCode === OF_COMPOSITION) return;
      event.preventDefault();
      this.#send(say);
    });
    this.#text.addEventListener('input', () => {
      typing(this.#text.value !== '');
      this.#fit();
      changed();
    });
  }

  /** Another conversation: each has its draft. */
  show(conversation) {
    this.#keep();
    this.#key = conversation?.key ?? null;
    this.#form.hidden = !conversation;
    if (!conversation) return;
    const { kind, name } = conversation;
    const label = kind === 'room' ? sentence`Message to ${name}`
      : sentence`Private message to ${name}`;
    setSentence(this.#label, label);
    this.#text.placeholder = `${label}`;
    this.#text.value = this.#drafts.get(this.#key) ?? '';
    this.#fit();
  }

  /** What was begun and not sent, as pairs of a conversation's key and a text. */
  get drafts() {
    this.#keep();
    return [...this.#drafts];
  }

  /** Drafts of before; what is being written now goes first. */
  restore(drafts) {
    for (const { key, text } of drafts) {
      if (key !== this.#key) this.#drafts.set(key, text);
      else this.#text.value ||= text;
    }
    this.#fit();
  }

  focus() {
    this.#text.focus();
  }

  #keep() {
    if (this.#key === null) return;
    if (this.#text.value === '') this.#drafts.delete(this.#key);
    else this.#drafts.set(this.#key, this.#text.value);
  }

  #send(say) {
    const text = this.#text.value.trim();
    if (text === '') return;
    this.#text.value = '';
    this.#fit();
    say(text);
  }

  /** As high as the text, up to what the style sheet allows. */
  #fit() {
    this.#text.rows = Math.min(6, this.#text.value.split('\n').length);
  }
}
