// SPDX-License-Identifier: MIT
import { byId, setText } from './dom.js';
import { closedText, unreachableText, waitingText } from './words.js';

/** Whether there is a connection, and what one can do where there is none. */
export class StatusView {
  #box = byId('state');
  #text = byId('state-text');
  #button = byId('state-action');
  #wasOnline = false;
  #waiting = '';
  /** Why no connection comes about; empty where that is not known. */
  #doubt = '';
  #act = () => {};

  constructor({ retry, connect }) {
    this.#button.addEventListener('click', () => this.#act());
    this.retry = retry;
    this.connect = connect;
  }

  show(change) {
    const { state } = change;
    this.#box.dataset.state = state;
    if (state === 'online') {
      this.#doubt = '';
      this.#say(this.#wasOnline ? 'Connected again.' : 'Connected.');
      this.#wasOnline = true;
    } else if (state === 'waiting') {
      this.#waiting = waitingText(change);
      this.#sayWaiting();
    } else if (state === 'closed') {
      this.#say(closedText(change), 'Connect again', this.connect);
    } else if (!this.#wasOnline) {
      this.#say('Connecting…');
    }
  }

  /** An error of the client: `unreachable` is told while it goes on trying. */
  suspect(error) {
    if (error.code !== 'unreachable') return;
    this.#doubt = unreachableText(error);
    if (this.#box.dataset.state === 'waiting') this.#sayWaiting();
  }

  #sayWaiting() {
    this.#say([this.#waiting, this.#doubt].filter((x) => x !== '').join(' '),
      'Try now', this.retry);
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
