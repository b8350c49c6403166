// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { atEnd } from '../../../clients/js/test/support/at_end.js';
import { within } from '../../../clients/js/test/support/parlor.js';

/** Connections of these users, who say nothing. They may be in one room. */
export async function crowd(t, parlor, users, room = '') {
  const before = room ? await connectionsIn(parlor, room) : 0;
  await Promise.all(users.map((user) => enter(t, parlor, user, room)));
  if (room) {
    await within(areIn(parlor, room, before + users.length),
      `everybody to be in ${room}`);
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
    socket.on('data', (data) => {
      if (data.includes('"connected"')) resolve();
    });
  });
  const query = room ? `?room=${encodeURIComponent(room)}` : '';
  socket.write(`GET /ws/${encodeURIComponent(user)}${query} HTTP/1.1\r\n`
    + `Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
    + `Sec-WebSocket-Version: 13\r\nUser-Agent: crowd\r\n`
    + `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`);
  return within(isGreeted, `${user} to be let in`);
}

/** `?room=` is not answered: the service is asked who is there. */
async function areIn(parlor, room, count) {
  while (await connectionsIn(parlor, room) < count) await pause(20);
}

async function connectionsIn(parlor, room) {
  const { rooms } = await parlor.json('/admin/rooms?limit=1000');
  return rooms.find((one) => one.room === room)?.connections ?? 0;
}
