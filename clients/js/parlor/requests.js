// SPDX-License-Identifier: MIT
import { ParlorError } from './errors.js';
import { Pacer } from './pacer.js';

/**
 * Everything that waits for an answer: what is to be sent, in its order, and
 * what was sent. Survives connections. What was not sent yet always may be;
 * what was sent and not answered is sent again only where asking twice does
 * nothing twice (`resend`).
 */
export class Requests {
  #clock;
  #transmit;
  #admits;
  #maxQueued;
  #timeoutMs;
  #pacer = new Pacer();
  #messageBytes = Infinity;
  #urgent = new Set();
  #waiting = new Set();
  #sent = new Map();
  #nextId = 1;
  #timer;

  /**
   * `transmit(text)` sends; `admits(request)` says whether it may be sent now,
   * which `pump` is to be called after any change of.
   */
  constructor({ clock, transmit, admits, maxQueued, timeoutMs }) {
    this.#clock = clock;
    this.#transmit = transmit;
    this.#admits = admits;
    this.#maxQueued = maxQueued;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Asks for something. `settle(error, reply)` is called once, at once with the
   * frame that answers. `room`: waits until one is in it. `urgent`: goes before
   * all others, and never outlives the connection. `volatile`: is sent now or
   * never; false where it was not.
   */
  ask(frame, { room, resend = false, urgent = false, volatile = false,
    settle }) {
    const id = this.#nextId;
    this.#nextId += 1;
    const request = {
      id, type: frame.type, room, resend, urgent, volatile, settle,
      text: JSON.stringify({ ...frame, id }),
      sentAt: undefined, timer: undefined,
    };
    if (volatile) return this.#sendNow(request);
    (urgent ? this.#urgent : this.#waiting).add(request);
    this.pump();
    if (this.#waiting.size > this.#maxQueued && this.#waiting.has(request)) {
      this.#waiting.delete(request);
      settle(new ParlorError(
        'queue_full', `${this.#maxQueued} requests wait already`));
    }
    return true;
  }

  /** As `ask`, as a promise. */
  request(frame, options) {
    return new Promise((resolve, reject) => {
      const settle = (error, reply) => (error ? reject(error) : resolve(reply));
      this.ask(frame, { ...options, settle });
    });
  }

  /** A connection has begun, with these limits. */
  begin({ messages_per_second: perSecond = 0, message_bytes: bytes } = {}) {
    this.#pacer.begin(perSecond, this.#clock.now());
    this.#messageBytes = bytes ?? Infinity;
  }

  /** Sends what may be sent. */
  pump() {
    for (const queue of [this.#urgent, this.#waiting]) {
      for (const request of queue) {
        if (!this.#admits(request)) continue;
        if (!this.#fits(request)) {
          queue.delete(request);
          request.settle(new ParlorError(
            'too_large', `more than ${this.#messageBytes} bytes`));
          continue;
        }
        const wait = this.#pacer.take(this.#clock.now());
        if (wait > 0) {
          this.#pumpIn(wait);
          return;
        }
        queue.delete(request);
        this.#send(request);
      }
    }
  }

  /** A reply, error or pong; false where nobody waits for it. */
  answer(frame) {
    const request = this.#sent.get(frame.id);
    if (!request) return false;
    this.#sent.delete(request.id);
    this.#clock.clearTimeout(request.timer);
    if (frame.type !== 'error') {
      request.settle(null, frame);
    } else if (frame.code === 'rate_limited' && !request.volatile) {
      // It was dropped, so it may come again, whatever it is.
      request.sentAt = undefined;
      this.#pacer.pause(frame.retry_after_ms ?? 1000, this.#clock.now());
      this.#putBack([request]);
      this.pump();
    } else {
      request.settle(ParlorError.of(frame));
    }
    return true;
  }

  /** The connection is gone. */
  dropped() {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    const lost = [...this.#sent.values(), ...this.#urgent];
    this.#sent.clear();
    this.#urgent.clear();
    for (const request of lost) this.#clock.clearTimeout(request.timer);
    this.#putBack(lost.filter((x) => x.resend));
    for (const request of lost.filter((x) => !x.resend)) {
      request.settle(new ParlorError(
        'connection_lost', 'the connection ended before the answer came'));
    }
  }

  /** Nothing will ever be sent again. */
  close(error) {
    for (const request of this.#sent.values()) request.resend = true;
    this.dropped();
    this.fail(() => true, error);
  }

  /**
   * Gives up what waits and fits, and will not repeat what was sent and fits.
   * `wanted` sees room, type and sentAt.
   */
  fail(wanted, error) {
    for (const request of this.#sent.values()) {
      if (wanted(request)) request.resend = false;
    }
    for (const queue of [this.#urgent, this.#waiting]) {
      for (const request of [...queue]) {
        if (!wanted(request)) continue;
        queue.delete(request);
        request.settle(error);
      }
    }
  }

  /** Whether something waits that fits. */
  awaits(wanted) {
    return [...this.#waiting, ...this.#sent.values()].some(wanted);
  }

  #sendNow(request) {
    if (!this.#admits(request) || !this.#fits(request)
        || this.#pacer.take(this.#clock.now()) > 0) return false;
    this.#send(request);
    return true;
  }

  #send(request) {
    request.sentAt ??= this.#clock.now();
    request.timer = this.#clock.setTimeout(() => {
      this.#sent.delete(request.id);
      request.settle(new ParlorError('timeout', 'no answer in time'));
    }, this.#timeoutMs);
    this.#sent.set(request.id, request);
    this.#transmit(request.text);
  }

  #putBack(requests) {
    const urgent = requests.filter((x) => x.urgent);
    const others = requests.filter((x) => !x.urgent);
    this.#urgent = new Set([...urgent, ...this.#urgent]);
    this.#waiting = new Set([...others, ...this.#waiting]);
  }

  #pumpIn(ms) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.pump(), ms);
  }

  #fits({ text }) {
    // No character has more than three bytes a UTF-16 unit.
    return text.length * 3 <= this.#messageBytes
      || new TextEncoder().encode(text).length <= this.#messageBytes;
  }
}
