// SPDX-License-Identifier: MIT

/** How many entries a room remembers. */
const LOG = 12;

/**
 * A service of one room as docs/protocol.md has it: numbers, epochs, a short
 * log, recovery, keys. Both directions of its one connection are queues that
 * the test moves frame by frame, and cuts off where it likes.
 */
export class ModelService {
  /** Everything that was ever said, in its order. */
  ever = [];
  #epochs = 0;
  #room;
  #socket = null;
  /** How many frames are refused as too fast. */
  #refusals = 0;
  /** The first of them. */
  #refusal = null;

  constructor() {
    this.restart();
    const service = this;
    this.WebSocket = class {
      readyState = 0;
      toService = [];
      toClient = [];
      in = false;
      onmessage = () => {};
      onclose = () => {};
      onerror = () => {};

      constructor() {
        service.cut();
        service.#socket = this;
        this.readyState = 1;
        this.toClient.push({
          type: 'connected', user_id: 'ann', ping_ms: 0, limits: {} });
      }

      send(text) {
        this.toService.push(JSON.parse(text));
      }

      close() {
        service.#forget(this);
      }
    };
  }

  // -- what the test does

  /** One frame comes to the service. */
  moveUp() {
    const frame = this.#socket?.toService.shift();
    if (frame) this.#handle(frame);
  }

  /** One frame comes to the client. */
  moveDown() {
    const frame = this.#socket?.toClient.shift();
    // Whatever was sent before one hears of it is refused as well.
    if (frame && frame === this.#refusal) {
      this.#refusals = this.#socket.toService.length;
      this.#refusal = null;
    }
    if (frame) this.#socket.onmessage({ data: JSON.stringify(frame) });
  }

  /** The connection breaks; what was on its way is lost. */
  cut() {
    const socket = this.#socket;
    if (!socket) return;
    this.#forget(socket);
    socket.onclose({ code: 1006, reason: '' });
  }

  /** Someone else says something. */
  say(content) {
    this.#number({
      type: 'chat', room: 'tea', content, sender: 'bob', timestamp: 't' });
  }

  /** The room loses everything. */
  restart() {
    this.cut();
    this.#epochs += 1;
    this.#room = {
      epoch: `e${this.#epochs}`, seq: 0, log: [], keys: new Map() };
  }

  /** The room goes on elsewhere, with what it knows. */
  failOver() {
    this.#epochs += 1;
    this.#room.epoch = `e${this.#epochs}`;
    if (!this.#socket?.in) return;
    this.#socket.toClient.push({
      type: 'room_reset', room: 'tea', epoch: this.#room.epoch,
      seq: this.#room.seq, reason: 'failover' });
  }

  /** The client has been too fast. */
  tighten() {
    if (this.#socket && !this.#refusal) this.#refusals = Infinity;
  }

  get idle() {
    return !this.#socket
      || this.#socket.toService.length + this.#socket.toClient.length === 0;
  }

  // -- within

  #forget(socket) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#refusals = 0;
    this.#refusal = null;
    socket.readyState = 3;
    if (socket.in) {
      this.#number({
        type: 'user_left', room: 'tea', user_id: 'ann', reason: 'closed' });
    }
  }

  #number(frame) {
    const room = this.#room;
    room.seq += 1;
    const numbered = { ...frame, seq: room.seq };
    room.log.push({ epoch: room.epoch, frame: numbered });
    if (room.log.length > LOG) room.log.shift();
    if (frame.type === 'chat') this.ever.push(frame.content);
    if (this.#socket?.in) this.#socket.toClient.push(numbered);
    return numbered;
  }

  #handle(frame) {
    const { id } = frame;
    if (this.#refusals > 0) {
      const refusal = {
        type: 'error', id, code: 'rate_limited', message: 'too fast',
        retryable: true, retry_after_ms: 20 };
      if (this.#refusals === Infinity) this.#refusal ??= refusal;
      this.#refusals -= 1;
      this.#socket.toClient.push(refusal);
      return;
    }
    if (frame.type === 'join') this.#join(frame);
    else if (frame.type === 'chat') this.#publish(frame);
    else this.#socket.toClient.push({ type: 'reply', id, ok: true });
  }

  #join({ id, since }) {
    const room = this.#room;
    const from = since ? this.#place(since) : -1;
    const replay = from < 0 ? [] : room.log.slice(from);
    this.#number({ type: 'user_joined', room: 'tea', user_id: 'ann' });
    this.#socket.in = true;
    this.#socket.toClient.push({
      type: 'reply', id, ok: true, room: 'tea', epoch: room.epoch,
      seq: room.seq, members: ['ann', 'bob'], recovered: from >= 0,
      replayed: replay.length }, ...replay.map((x) => x.frame));
  }

  /** The first entry behind this one in the log; -1 where it is not there. */
  #place({ epoch, seq }) {
    const { log } = this.#room;
    const at = log.findIndex(
      (x) => x.epoch === epoch && x.frame.seq === seq);
    if (at >= 0) return at + 1;
    if (log.length === 0) {
      return this.#room.epoch === epoch && this.#room.seq === seq ? 0 : -1;
    }
    return log[0].epoch === epoch && log[0].frame.seq === seq + 1 ? 0 : -1;
  }

  #publish({ id, content, key }) {
    const { keys, epoch } = this.#room;
    if (!keys.has(key)) {
      const { seq } = this.#number({
        type: 'chat', room: 'tea', content, sender: 'ann', timestamp: 't' });
      keys.set(key, { seq, epoch });
    }
    this.#socket.toClient.push({ type: 'reply', id, ok: true, ...keys.get(key) });
  }
}
