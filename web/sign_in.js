// SPDX-License-Identifier: MIT
import { byId } from './dom.js';

const KEPT = 'parlor';

/** Who one was in this tab before it was loaded anew; null if nobody. */
export function remembered() {
  try {
    const { user, rooms } = JSON.parse(sessionStorage.getItem(KEPT));
    return typeof user === 'string' && Array.isArray(rooms)
      ? { user, rooms: rooms.filter((x) => typeof x === 'string') } : null;
  } catch {
    return null;
  }
}

export function remember(user, rooms) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify({ user, rooms }));
  } catch {
    // A browser that keeps nothing asks for the name again.
  }
}

/**
 * Shows the form in which one chooses a name. `enter(name, room, token)` may
 * throw; where there is a token, the name may be empty.
 */
export function signIn(enter) {
  const name = byId('sign-in-name');
  const room = byId('sign-in-room');
  const token = byId('sign-in-token');
  const wanted = new URLSearchParams(location.search).get('room');
  if (wanted) room.value = wanted;
  byId('sign-in-form').addEventListener('submit', (event) => {
    event.preventDefault();
    complain('');
    const needed = token.value.trim() === '' ? [name, room] : [room];
    const empty = needed.find(({ value }) => value.trim() === '');
    if (empty) {
      complain('A name and a room, please.', empty);
      return;
    }
    try {
      enter(name.value.trim(), room.value.trim(), token.value.trim());
    } catch (error) {
      complain(`This does not work: ${error.message}`, name);
    }
  });
  name.focus();
}

function complain(text, field) {
  byId('sign-in-problem').textContent = text;
  for (const id of ['sign-in-name', 'sign-in-room']) {
    byId(id).removeAttribute('aria-invalid');
  }
  field?.setAttribute('aria-invalid', 'true');
  field?.focus();
}
