// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import net from 'node:net';

import { atEnd } from '../../../clients/js/test/support/at_end.js';
import { becomes, within } from '../../../clients/js/test/support/parlor.js';

/** A ping of the service, whose payload comes back; no JSON has these bytes. */
const PING = /\x89\x08([^]{8})/g;
const PONG = '\x8a\x88\0\0\0\0';

/**
 * Connections of these users, who say nothing but that they are there: else they
 * would be dropped in half a minute. They may be in one room.
 */
export async function crowd(t, parlor, users, room = '') {
  const before = room ? await connectionsIn(parlor, room) : 0;
  await Promise.all(users.map((user) => enter(t, parlor, user, room)));
  if (room) {
    // `?room=` is not answered: the service is asked who is there.
    await becomes(() => connectionsIn(parlor, room), before + users.length);
  }
}

/** As many as there are rooms: each alone in one of its own. */
export async function loners(t, parlor, count) {
  const all = Array.from({ length: count }, (_, n) => n);
  for (let from = 0; from < count; from += 100) {
    await Promise.all(all.slice(from, from + 100).map(
      (n) => enter(t, parlor, `user-${n}`, `room-${n}`)));
  }
}

async function enter(t, parlor, user, room) {
  const socket = net.connect(parlor.port, '127.0.0.1');
  atEnd(t, () => socket.destroy());
  const isGreeted = new Promise((resolve, reject) => {
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${user} is out`)));
    let greeting = '';
    socket.on('data', (data) => {
      greeting = greeting.slice(-100) + data;
      if (greeting.includes('"connected"')) resolve();
      for (const [, payload] of data.matchAll(PING)) {
        socket.write(PONG + payload, 'latin1');
      }
    });
  });
  const query = room ? `?room=${encodeURIComponent(room)}` : '';
  socket.write(`GET /ws/${encodeURIComponent(user)}${query} HTTP/1.1\r\n`
    + `Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
    + `Sec-WebSocket-Version: 13\r\nUser-Agent: crowd\r\n`
    + `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`);
  return within(isGreeted, `${user} to be let in`);
}

/**
 * Waits until these users are online, with so many connections each: a room
 * may know earlier than the registry that somebody has gone.
 */
export function areOnline(parlor, connections) {
  return becomes(async () => {
    const { users } = await parlor.json('/admin/users');
    return users && Object.fromEntries(
      users.map((one) => [one.user_id, one.connections]));
  }, connections);
}

async function connectionsIn(parlor, room) {
  const { rooms } = await parlor.json('/admin/rooms?limit=1000');
  // Where a part did not answer in time, there are none.
  return rooms?.find((one) => one.room === room)?.connections ?? 0;
}
