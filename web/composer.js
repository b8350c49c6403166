// SPDX-License-Identifier: MIT
import { byId, setText } from './dom.js';

/** The field in which one writes. Enter sends, Shift and Enter begin a line. */
export class Composer {
  #form = byId('composer');
  #text = byId('composer-text');
  #label = byId('composer-label');
  #drafts = new Map();
  #key = null;

  constructor({ say, typing }) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send(say);
    });
    this.#text.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send(say);
    });
    this.#text.addEventListener('input', () => {
      typing(this.#text.value !== '');
      this.#fit();
    });
  }

  /** Another conversation: each has its draft. */
  show(conversation) {
    if (this.#key !== null) this.#drafts.set(this.#key, this.#text.value);
    this.#key = conversation?.key ?? null;
    this.#form.hidden = !conversation;
    if (!conversation) return;
    const label = conversation.kind === 'room'
      ? `Message to ${conversation.name}`
      : `Private message to ${conversation.name}`;
    setText(this.#label, label);
    this.#text.placeholder = label;
    this.#text.value = this.#drafts.get(this.#key) ?? '';
    this.#fit();
  }

  focus() {
    this.#text.focus();
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
