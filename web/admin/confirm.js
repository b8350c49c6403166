// SPDX-License-Identifier: MIT
import { byId, setSentence } from '../dom.js';

/**
 * Asks before something that cannot be taken back. Cancel has the focus, and
 * Escape means it; afterwards the focus is where it was before.
 */
export function confirmed({ title, text }) {
  const dialog = byId('confirm');
  if (dialog.open) return Promise.resolve(false);
  byId('confirm-title').textContent = title;
  setSentence(byId('confirm-text'), text);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
    }, { once: true });
  });
}

byId('confirm-no').addEventListener('click', () => byId('confirm').close());
byId('confirm-yes').addEventListener('click', () => byId('confirm').close('yes'));
