// SPDX-License-Identifier: MIT
import { byId, make, setText, showList } from './dom.js';
import { failureText } from './words.js';

/** What was said and is not in the log: on its way, waiting, or failed. */
export class PendingView {
  #list = byId('pending');
  #again;
  #forget;

  /** `again(entry)` and `forget(entry)` are what the buttons do. */
  constructor({ again, forget }) {
    this.#again = again;
    this.#forget = forget;
  }

  show(conversation) {
    const focused = document.activeElement;
    const at = [...this.#list.children].findIndex((x) => x.contains(focused));
    showList(this.#list, (conversation?.pending ?? []).filter((x) => x.isShown), {
      key: ({ id }) => id,
      create: (entry) => this.#create(entry),
      update: (element, entry) => this.#update(element, entry),
    });
    if (at >= 0 && !focused.isConnected) this.#focusNear(at, focused.textContent);
  }

  #create({ text }) {
    const words = make('span', 'text', text);
    words.dir = 'auto';
    return make('li', 'message own waiting', words, make('span', 'note'));
  }

  #update(element, entry) {
    const { failure, isOnline } = entry;
    setText(element.children[1], failure ? failureText(failure)
      : isOnline ? 'Sending…' : 'Waiting for the connection…');
    element.classList.toggle('failed', Boolean(failure));
    const buttons = element.querySelectorAll('button');
    if (failure && buttons.length === 0) {
      element.append(button('Send again', () => this.#again(entry)),
        button('Discard', () => this.#forget(entry)));
    } else if (!failure) {
      buttons.forEach((x) => x.remove());
    }
  }

  /** Where a button is gone: to the same one of its neighbour, or to write. */
  #focusNear(at, label) {
    const rows = [...this.#list.children];
    const near = [...rows.slice(at), ...rows.slice(0, at).reverse()]
      .flatMap((row) => [...row.querySelectorAll('button')])
      .find((x) => x.textContent === label);
    (near ?? byId('composer-text')).focus({ preventScroll: true });
  }
}

function button(label, act) {
  const result = make('button', '', label);
  result.type = 'button';
  result.addEventListener('click', act);
  return result;
}
