// SPDX-License-Identifier: MIT
import { byId, setText } from './dom.js';
import { closedText, nameDoubt, waitingText } from './words.js';

/** Whether there is a connection, and what one can do where there is none. */
export class StatusView {
  #box = byId('state');
  #text = byId('state-text');
  #button = byId('state-action');
  #wasOnline = false;
  #act = () => {};

  constructor({ retry, connect }) {
    this.#button.addEventListener('click', () => this.#act());
    this.retry = retry;
    this.connect = connect;
  }

  /** `user` is who one wants to be, or is. */
  show(change, user = '') {
    const { state } = change;
    this.#box.dataset.state = state;
    if (state === 'online') {
      this.#say(this.#wasOnline ? 'Connected again.' : 'Connected.');
      this.#wasOnline = true;
    } else if (state === 'waiting') {
      const doubt = this.#wasOnline ? '' : nameDoubt(user);
      this.#say(`${waitingText(change)}${doubt}`, 'Try now', this.retry);
    } else if (state === 'closed') {
      this.#say(closedText(change), 'Connect again', this.connect);
    } else if (!this.#wasOnline) {
      this.#say('Connecting…');
    }
  }

  #say(text, label, act) {
    setText(this.#text, text);
    // Hiding what has the focus would lose it.
    const hadFocus = document.activeElement === this.#button;
    this.#button.hidden = !label;
    setText(this.#button, label ?? '');
    this.#act = act ?? (() => {});
    if (hadFocus && !label) byId('composer-text').focus();
  }
}
