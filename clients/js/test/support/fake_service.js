// SPDX-License-Identifier: MIT

/** The other end of a client's WebSocket, moved by the test. */
class FakeSocket {
  readyState = 0;
  /** What the client sent, parsed. */
  sent = [];
  closedByClient = null;
  onmessage = () => {};
  onclose = () => {};
  onerror = () => {};
  onopen = () => {};

  constructor(url, protocols) {
    this.url = url;
    this.protocols = protocols;
  }

  // -- what the client does

  send(text) {
    if (this.readyState !== 1) throw new Error('the socket is not open');
    const frame = JSON.parse(text);
    this.sent.push(frame);
    this.onsent?.(frame);
  }

  close(code) {
    this.closedByClient = code;
    this.readyState = 3;
  }

  // -- what the service does

  /** Lets the client in. */
  greet(more = {}) {
    this.readyState = 1;
    this.say({
      type: 'connected', user_id: 'ann', rooms: [], connection: 'c1',
      node: 'local', ping_ms: 15000,
      limits: { message_bytes: 65536, rooms_per_connection: 128,
        messages_per_second: 50 },
      ...more,
    });
  }

  say(...frames) {
    for (const frame of frames) {
      this.onmessage({ data: JSON.stringify(frame) });
    }
  }

  raw(data) {
    this.onmessage({ data });
  }

  end(code = 1006, reason = '') {
    this.readyState = 3;
    this.onerror({});
    this.onclose({ code, reason });
  }

  /** Takes the oldest request of this type that was not taken yet. */
  take(type) {
    const at = this.sent.findIndex((frame) => frame.type === type);
    if (at < 0) {
      throw new Error(`no ${type} in ${JSON.stringify(this.sent)}`);
    }
    return this.sent.splice(at, 1)[0];
  }

  reply({ id }, more = {}) {
    this.say({ type: 'reply', id, ok: true, ...more });
  }

  refuse({ id }, code, more = {}) {
    this.say({
      type: 'error', id, code, message: code, retryable: false, ...more });
  }

  /** Answers the oldest join. */
  admit(more = {}) {
    const join = this.take('join');
    this.reply(join, {
      room: join.room, epoch: 'e1', seq: 1, members: ['ann'],
      recovered: false, replayed: 0, ...more });
    return join;
  }
}

/** All sockets that a client has opened. */
export class FakeService {
  sockets = [];

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url, protocols) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  get socket() {
    return this.sockets.at(-1);
  }
}
