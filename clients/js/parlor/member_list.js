// SPDX-License-Identifier: MIT
import { Backoff } from './backoff.js';

/**
 * Gets the list of a room's members back. The server lists them where they are
 * few enough, and says so with the next join only: where enough have left, or
 * joins and leaves were missed or void, one has to ask.
 */
export class MemberList {
  #room;
  #requests;
  #clock;
  #tell;
  #backoff;
  #timer;
  #isAsking = false;

  /** `tell()` says that the list has changed. */
  constructor({ room, requests, clock, random, tell }) {
    this.#room = room;
    this.#requests = requests;
    this.#clock = clock;
    this.#tell = tell;
    this.#backoff = new Backoff({ base: 1000, cap: 60000, random });
  }

  /** Somebody has left, or more has changed. */
  refresh() {
    if (!this.#room.members.areWorthAsking || this.#isAsking) return;
    this.#isAsking = true;
    // All who are in the room have heard of it at the same time.
    this.#timer = this.#clock.setTimeout(
      () => this.#ask(), this.#backoff.next());
  }

  /** The connection, or the stay in the room, is over. */
  stop() {
    this.#clock.clearTimeout(this.#timer);
    this.#isAsking = false;
  }

  #ask() {
    const { name, members } = this.#room;
    if (!members.areWorthAsking) {
      this.#isAsking = false;
      return;
    }
    this.#requests.ask({ type: 'members', room: name }, {
      room: name,
      settle: (error, reply) => {
        this.#isAsking = false;
        if (!error && this.#room.phase === 'in') this.#take(reply);
      },
    });
  }

  #take(reply) {
    if (this.#room.members.replace(reply)) this.#tell();
    if (reply.members) this.#backoff.reset();
    this.refresh();
  }
}
