// SPDX-License-Identifier: MIT
import { frameText, utf8Length } from './arguments.js';
import { ParlorError } from './errors.js';
import { Pacer } from './pacer.js';
import { Request } from './request.js';

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
  #jsonDepth = 32;
  /**
   * All that are not settled, by id, in the order in which they were asked
   * for. One that is refused, or whose connection ends, keeps its place.
   */
  #open = new Map();
  #nextId = 1;
  #sendings = 0;
  /**
   * When the service refuses one as too fast, those that were sent behind it
   * are most likely refused as well: from which sending to which this is so.
   */
  #suspect = { after: 0, upTo: 0 };
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
   * never; false where it was not. Throws where no service would take it.
   */
  ask(frame, { room, resend = false, urgent = false, volatile = false,
    settle }) {
    const id = this.#nextId;
    this.#nextId += 1;
    const request = new Request({
      id, type: frame.type, room, resend, urgent, volatile, settle,
      // First, so that the service can read it whatever comes behind.
      text: this.textOf({ id, ...frame }) });
    if (volatile) return this.#sendNow(request);
    if (!this.#fits(request)) {
      request.fail(this.#tooLarge());
      return true;
    }
    this.#open.set(id, request);
    this.pump();
    if (!urgent && this.#waits(request) && this.#queued() > this.#maxQueued) {
      this.#remove(request);
      request.fail(new ParlorError(
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
  begin({ messages_per_second: perSecond = 0, message_burst: burst,
    message_bytes: bytes, json_depth: depth } = {}) {
    this.#pacer.begin(perSecond, this.#clock.now(), burst);
    this.#messageBytes = bytes ?? Infinity;
    this.#jsonDepth = depth ?? this.#jsonDepth;
  }

  /** A frame as it would be sent. Throws where no service would take it. */
  textOf(frame) {
    return frameText(frame, this.#jsonDepth);
  }

  /** Sends what may be sent. */
  pump() {
    if (this.#sendOpen((x) => x.urgent, Infinity)) {
      this.#sendOpen((x) => !x.urgent && !x.volatile, this.#pacer.atOnce);
    }
  }

  /** A reply, error or pong; false where nobody waits for it. */
  answer(frame) {
    const request = this.#open.get(frame.id);
    if (!request?.underWay) return false;
    this.#clock.clearTimeout(request.timer);
    if (frame.code === 'rate_limited' && frame.type === 'error'
        && !request.volatile) {
      this.#slowDown(request, frame.retry_after_ms ?? 1000);
    } else {
      this.#open.delete(request.id);
      if (frame.type === 'error') request.fail(ParlorError.of(frame));
      else request.answer(frame);
    }
    this.pump();
    return true;
  }

  /** The connection is gone. */
  dropped() {
    this.#clock.clearTimeout(this.#timer);
    for (const request of [...this.#open.values()]) {
      if (!request.urgent && !request.underWay) continue;
      this.#clock.clearTimeout(request.timer);
      request.lost();
      if (request.resend) continue;
      this.#open.delete(request.id);
      request.fail(new ParlorError(
        'connection_lost', 'the connection ended before the answer came'));
    }
  }

  /** Nothing will ever be sent again. */
  close(error) {
    this.#clock.clearTimeout(this.#timer);
    for (const request of [...this.#open.values()]) {
      this.#remove(request);
      request.giveUp(error);
    }
  }

  /**
   * Gives up what waits and fits, and will not repeat what is under way and
   * fits. `wanted` sees room, type and sentSince.
   */
  fail(wanted, error) {
    for (const request of [...this.#open.values()].filter(wanted)) {
      if (request.underWay) {
        request.resend = false;
      } else {
        this.#remove(request);
        request.giveUp(error);
      }
    }
  }

  /** Whether something is open that fits. */
  awaits(wanted) {
    return [...this.#open.values()].some(wanted);
  }

  /**
   * Sends what is wanted and may be sent, in its order, until so many are under
   * way. False where the service's rate wants a pause first.
   */
  #sendOpen(wanted, atOnce) {
    let underWay = this.#count((x) => x.underWay);
    const held = new Set();
    for (const request of this.#open.values()) {
      if (!wanted(request)) continue;
      if (request.underWay) {
        // It may have to come again: what is behind it must not overtake.
        if (this.#isSuspect(request)) held.add(request.room);
        continue;
      }
      if (held.has(request.room) || !this.#admits(request)) continue;
      if (!this.#fits(request)) {
        this.#remove(request);
        request.giveUp(this.#tooLarge());
        continue;
      }
      if (underWay >= atOnce) return true;
      const wait = this.#pacer.take(this.#clock.now());
      if (wait > 0) {
        this.#pumpIn(wait);
        return false;
      }
      underWay += 1;
      this.#send(request);
    }
    return true;
  }

  #sendNow(request) {
    if (!this.#admits(request) || !this.#fits(request)
        || this.#pacer.take(this.#clock.now()) > 0) return false;
    this.#open.set(request.id, request);
    this.#send(request);
    return true;
  }

  #send(request) {
    request.sentAt = this.#clock.now();
    this.#sendings += 1;
    request.sending = this.#sendings;
    request.timer = this.#clock.setTimeout(() => {
      this.#remove(request);
      request.giveUp(new ParlorError('timeout', 'no answer in time'));
      this.pump();
    }, this.#timeoutMs);
    this.#transmit(request.text);
  }

  /** It was dropped, so it may come again, whatever it is. */
  #slowDown(request, afterMs) {
    request.refused();
    this.#pacer.pause(afterMs, this.#clock.now());
    const isSuspect = this.#isSuspect(request);
    // Also what was sent since the first refusal: the service may have refused
    // again before that came.
    this.#suspect.upTo = this.#sendings;
    if (isSuspect) return;
    this.#suspect.after = request.sending;
    this.#pacer.narrow();
  }

  #isSuspect({ sending }) {
    return sending > this.#suspect.after && sending <= this.#suspect.upTo;
  }

  #pumpIn(ms) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.pump(), ms);
  }

  #remove(request) {
    this.#clock.clearTimeout(request.timer);
    this.#open.delete(request.id);
  }

  #waits(request) {
    return this.#open.has(request.id) && !request.underWay;
  }

  #queued() {
    return this.#count((x) => !x.urgent && !x.underWay);
  }

  #count(wanted) {
    let count = 0;
    for (const request of this.#open.values()) count += wanted(request) ? 1 : 0;
    return count;
  }

  #fits({ text }) {
    // No character has more than three bytes a UTF-16 unit.
    return text.length * 3 <= this.#messageBytes
      || utf8Length(text) <= this.#messageBytes;
  }

  #tooLarge() {
    return new ParlorError('too_large', `more than ${this.#messageBytes} bytes`);
  }
}
