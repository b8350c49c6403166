// SPDX-License-Identifier: MIT
// A room server on ws, as its documentation shows one: a frame is encoded
// once and given to each member. node ws.js PORT
'use strict';

const { WebSocketServer } = require('ws');

const rooms = new Map(); // name -> Set of sockets
const users = new Map(); // name -> socket

function leave(socket) {
  const members = rooms.get(socket.room);
  if (members !== undefined) {
    members.delete(socket);
    if (members.size === 0) rooms.delete(socket.room);
  }
  if (users.get(socket.user) === socket) users.delete(socket.user);
}

function join(socket, { room, user }) {
  leave(socket);
  socket.room = room;
  socket.user = user;
  users.set(user, socket);
  let members = rooms.get(room);
  if (members === undefined) rooms.set(room, members = new Set());
  members.add(socket);
  socket.send(JSON.stringify({ type: 'joined', room }));
}

// A buffer: a string would be encoded for each member.
function encode(event) {
  return Buffer.from(JSON.stringify(event));
}

function publish(socket, { content }) {
  const members = rooms.get(socket.room);
  if (members === undefined) return;
  const { room, user: sender } = socket;
  const data = encode({ type: 'msg', room, sender, content, ts: Date.now() });
  for (const member of members) member.send(data, { binary: false });
}

function whisper(socket, { to, content }) {
  const sender = socket.user;
  users.get(to)?.send(
    encode({ type: 'dm', sender, content, ts: Date.now() }),
    { binary: false });
}

const handlers = { join, msg: publish, dm: whisper };

const server = new WebSocketServer({
  host: '127.0.0.1', port: Number(process.argv[2]), backlog: 4096,
  perMessageDeflate: false,
});
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    handlers[message.type]?.(socket, message);
  });
  socket.on('close', () => leave(socket));
  socket.on('error', () => {}); // "close" follows
});
