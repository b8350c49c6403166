// SPDX-License-Identifier: MIT

/**
 * Turns the server's frames into the client's events. `rooms` decides on the
 * numbered ones; `emit` tells the application.
 */
export class Inbox {
  #rooms;
  #emit;

  constructor({ rooms, emit }) {
    this.#rooms = rooms;
    this.#emit = emit;
  }

  /** False where the type is none of an event. */
  take(frame) {
    const tell = everywhere.get(frame.type);
    if (tell) tell(this.#emit, frame);
    const handle = inRoom.get(frame.type);
    // None where it was left meanwhile.
    const room = handle && this.#rooms.find(frame.room);
    if (room) handle(this.#emit, frame, room, this.#rooms);
    return tell !== undefined || handle !== undefined;
  }
}

const everywhere = new Map(Object.entries({
  private: (emit, { sender, to, content, timestamp, origin }) => {
    emit('private', { from: sender, to, content, timestamp, ...from(origin) });
  },
  system: (emit, { content, timestamp }) => {
    emit('system', { content, timestamp });
  },
}));

const inRoom = new Map(Object.entries({
  chat: (emit, frame, room) => numbered(emit, frame, room, (replayed) => {
    emit('message', { ...message(frame), replayed });
  }),
  user_joined: (emit, frame, room, rooms) => numbered(
    emit, frame, room, (replayed) => {
      // The join's reply has counted these already.
      if (!replayed) room.members.replace(frame);
      if (replayed && rooms.isSelf(frame.user_id)) return;
      emit('user_joined', came(frame, replayed));
      if (!replayed) tellMembers(emit, room);
    }),
  user_left: (emit, frame, room, rooms) => numbered(
    emit, frame, room, (replayed) => {
      if (!replayed) room.members.remove(frame.user_id);
      // Nobody is told of one's own return but by `joined`.
      if (replayed && rooms.isSelf(frame.user_id)) return;
      emit('user_left', { ...came(frame, replayed), reason: frame.reason });
      if (!replayed) {
        tellMembers(emit, room);
        rooms.refreshMembers(room.name);
      }
    }),
  skip: (emit, frame, room) => numbered(emit, frame, room, () => {}),
  members_count: (emit, frame, room, rooms) => {
    if (!room.members.replace(frame)) return;
    tellMembers(emit, room);
    rooms.refreshMembers(room.name);
  },
  room_reset: (emit, frame, room, rooms) => {
    const gap = room.reset(frame);
    if (gap) {
      emit('gap', gap);
      room.members.doubt();
      rooms.refreshMembers(room.name);
    }
    if (frame.reason === 'restart') rooms.forgotKeys(room.name);
  },
  signal: (emit, { room, name, data, user_id: user }) => {
    emit('signal', { room, name, data, user });
  },
  presence_state: (emit, frame, room) => {
    room.presence.replace(frame.state);
    tellPresence(emit, room);
  },
  presence_diff: (emit, frame, room) => {
    room.presence.apply(frame);
    tellPresence(emit, room);
  },
}));

/** A chat frame as the application sees it. */
export function message({ room, sender, content, timestamp, seq, origin }) {
  return { room, sender, content, timestamp, seq, ...from(origin) };
}

/** Who has said it where it was no client; no client's message has this member. */
function from(origin) {
  return typeof origin === 'string' ? { origin } : {};
}

function came({ room, user_id: user, seq }, replayed) {
  return { room, user, seq, replayed };
}

function numbered(emit, frame, room, hand) {
  const { gap, hand: wanted, replayed } = room.take(frame);
  if (gap) emit('gap', gap);
  if (wanted) hand(replayed);
}

function tellMembers(emit, room) {
  emit('members', { room: room.name, ...room.members.snapshot() });
}

function tellPresence(emit, room) {
  emit('presence', { room: room.name, users: room.presence.snapshot() });
}
