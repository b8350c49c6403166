// SPDX-License-Identifier: MIT

/** A clock that stands until it is advanced. */
export class FakeClock {
  #now = 0;
  #timers = new Map();
  #nextId = 1;

  now() {
    return this.#now;
  }

  setTimeout(callback, ms) {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#timers.set(id, { at: this.#now + Math.max(0, ms), id, callback });
    return id;
  }

  clearTimeout(id) {
    this.#timers.delete(id);
  }

  /** How many timers are set. */
  get pending() {
    return this.#timers.size;
  }

  /** Calls what is due on the way, in its order; promises go on in between. */
  async advance(ms) {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const [next] = [...this.#timers.values()]
        .sort((x, y) => x.at - y.at || x.id - y.id);
      if (!next || next.at > until) break;
      this.#timers.delete(next.id);
      this.#now = next.at;
      next.callback();
    }
    this.#now = until;
  }
}

/** Lets every promise that can go on do so. */
export function settled() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
