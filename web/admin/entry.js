// SPDX-License-Identifier: MIT
import { byId, setText } from '../dom.js';
import { isToken } from './api.js';

const KEPT = 'parlor-admin';

/** The token of this tab; empty where there is none. It is nowhere else. */
export function keptToken() {
  try {
    const token = sessionStorage.getItem(KEPT) ?? '';
    return isToken(token) ? token : '';
  } catch {
    return '';
  }
}

export function keepToken(token) {
  try {
    if (token) sessionStorage.setItem(KEPT, token);
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing asks again when the page is loaded anew.
  }
}

/** The form that asks for the token. */
export class Entry {
  #field = byId('entry-token');

  /** `enter(token)` is called with what may be one. */
  constructor(enter) {
    byId('entry-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const token = this.#field.value.trim();
      if (isToken(token)) enter(token);
      else this.complain('That is no token: it is one word of 16 characters or more.');
    });
  }

  get isOpen() {
    return !byId('entry').hidden;
  }

  open(problem) {
    const wasOpen = this.isOpen;
    byId('desk').hidden = true;
    byId('entry').hidden = false;
    this.complain(problem);
    if (!wasOpen || problem) this.#field.focus();
  }

  close() {
    byId('entry').hidden = true;
    byId('desk').hidden = false;
    this.#field.value = '';
    this.complain('');
  }

  complain(problem) {
    setText(byId('entry-problem'), problem);
    if (problem) this.#field.setAttribute('aria-invalid', 'true');
    else this.#field.removeAttribute('aria-invalid');
  }
}
