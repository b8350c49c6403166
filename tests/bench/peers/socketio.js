// SPDX-License-Identifier: MIT
// A room server on socket.io's own rooms; a user is a room too, as its
// documentation recommends. node socketio.js PORT
'use strict';

const { createServer } = require('node:http');
const { Server } = require('socket.io');

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'], perMessageDeflate: false, serveClient: false,
});

io.on('connection', (socket) => {
  let room;
  let sender;
  socket.on('join', (name, user) => {
    room = name;
    sender = user;
    socket.join([`room ${room}`, `user ${sender}`]);
    socket.emit('joined', room);
  });
  socket.on('msg', ({ content }) => {
    io.to(`room ${room}`).emit(
      'msg', { room, sender, content, ts: Date.now() });
  });
  socket.on('dm', ({ to, content }) => {
    io.to(`user ${to}`).emit('dm', { sender, content, ts: Date.now() });
  });
});

http.listen({ host: '127.0.0.1', port: Number(process.argv[2]),
              backlog: 4096 });
