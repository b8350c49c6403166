// SPDX-License-Identifier: MIT
import { byId } from './dom.js';

/**
 * Where the page is narrow, rooms and members are panels that buttons open.
 * One is open at a time; Escape closes it.
 */
export class Panels {
  #pairs = ['rooms', 'members'].map((name) => ({
    button: byId(`show-${name}`), panel: byId(name) }));

  constructor() {
    for (const { button, panel } of this.#pairs) {
      button.addEventListener('click', () => {
        const opens = button.getAttribute('aria-expanded') !== 'true';
        this.close();
        if (!opens) return;
        button.setAttribute('aria-expanded', 'true');
        panel.classList.add('open');
        panel.querySelector('button, input')?.focus();
      });
      panel.addEventListener('keydown', ({ key }) => {
        if (key !== 'Escape' || !panel.classList.contains('open')) return;
        this.close();
        button.focus();
      });
    }
  }

  /** The field for another room; where it is in a closed panel, its button. */
  focusJoin() {
    byId('join-name').focus();
    if (document.activeElement !== byId('join-name')) byId('show-rooms').focus();
  }

  close() {
    for (const { button, panel } of this.#pairs) {
      button.setAttribute('aria-expanded', 'false');
      panel.classList.remove('open');
    }
  }
}
