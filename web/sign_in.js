// SPDX-License-Identifier: MIT
import { byId } from './dom.js';
import { NameField } from './name_field.js';

/**
 * Shows the form in which one chooses a name. `enter(name, room, token)` may
 * throw; where there is a token, the name may be empty.
 */
export function signIn(enter) {
  const problem = byId('sign-in-problem');
  const name = new NameField(byId('sign-in-name'), problem);
  const room = new NameField(byId('sign-in-room'), problem);
  const token = byId('sign-in-token');
  const wanted = new URLSearchParams(location.search).get('room');
  if (wanted) room.value = wanted;
  byId('sign-in-form').addEventListener('submit', (event) => {
    event.preventDefault();
    for (const field of [name, room]) field.complain('');
    const given = token.value.trim();
    const needed = given === '' ? [name, room] : [room];
    const empty = needed.find(({ value }) => value === '');
    if (empty) {
      empty.complain('A name and a room, please.');
      empty.focus();
    } else if (name.check() && room.check()) {
      try {
        enter(name.value, room.value, given);
      } catch (error) {
        name.complain(`This does not work: ${error.message}`);
        name.focus();
      }
    }
  });
  name.focus();
}
