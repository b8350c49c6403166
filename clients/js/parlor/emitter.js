// SPDX-License-Identifier: MIT

/**
 * Events by name. They come one after the other: what a listener causes comes
 * when all listeners have heard what came before. What a listener throws does
 * not reach the one who emits.
 */
export class Emitter {
  #listeners = new Map();
  #pending = [];
  #holds = 0;
  #telling = false;

  /** Returns a function that takes the listener off again. */
  on(type, listener) {
    if (typeof listener !== 'function') {
      throw new TypeError('a listener is a function');
    }
    const entry = { listener };
    const entries = this.#listeners.get(type) ?? [];
    this.#listeners.set(type, [...entries, entry]);
    return () => this.#remove(type, (x) => x === entry);
  }

  off(type, listener) {
    this.#remove(type, (x) => x.listener === listener);
  }

  emit(type, event) {
    this.#pending.push({ type, event });
    this.#tell();
  }

  /** What `work` emits is told when it is through, and leaves nothing half. */
  hold(work) {
    this.#holds += 1;
    try {
      work();
    } finally {
      this.#holds -= 1;
      this.#tell();
    }
  }

  #tell() {
    if (this.#holds > 0 || this.#telling) return;
    this.#telling = true;
    while (this.#pending.length > 0) {
      const { type, event } = this.#pending.shift();
      for (const { listener } of this.#listeners.get(type) ?? []) {
        call(listener, event);
      }
    }
    this.#telling = false;
  }

  #remove(type, unwanted) {
    const entries = this.#listeners.get(type) ?? [];
    this.#listeners.set(type, entries.filter((x) => !unwanted(x)));
  }
}

function call(listener, event) {
  try {
    listener(event);
  } catch (error) {
    // Not lost: it becomes an uncaught exception of its own.
    queueMicrotask(() => {
      throw error;
    });
  }
}
