// SPDX-License-Identifier: MIT
import { Client } from '../../parlor.js';
import { FakeClock, settled } from './fake_clock.js';
import { FakeService } from './fake_service.js';

export const EVENTS = [
  'state', 'message', 'private', 'system', 'joined', 'user_joined',
  'user_left', 'members', 'presence', 'signal', 'gap', 'room_lost', 'error'];

/** A client before a service that the test plays, on a clock that stands. */
export function played(options = {}) {
  const clock = new FakeClock();
  const service = new FakeService();
  const client = new Client('http://parlor.test', {
    user: 'ann', clock, WebSocket: service.WebSocket, random: () => 0.5,
    fetch: async () => ({ status: 502 }), ...options });
  const events = [];
  for (const type of EVENTS) {
    client.on(type, (event) => events.push({ type, ...event }));
  }
  return {
    client, clock, service, events,
    /** The events of these types since the last time, and forgets all. */
    heard: (...types) => events.splice(0).filter(
      ({ type }) => types.includes(type)),
  };
}

/** The same, online and in some rooms. */
export async function online(options = {}, rooms = []) {
  const all = played(options);
  const connecting = all.client.connect();
  await settled();
  all.service.socket.greet();
  await connecting;
  for (const room of rooms) {
    const joining = all.client.join(room);
    all.service.socket.admit();
    await joining;
  }
  all.events.length = 0;
  return all;
}

export function chat(seq, content = `m${seq}`, room = 'tea') {
  return {
    type: 'chat', room, content, sender: 'bob',
    timestamp: '2026-11-21T01:02:03.004Z', seq };
}
