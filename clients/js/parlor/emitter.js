// SPDX-License-Identifier: MIT

/** Events by name. What a listener throws does not reach the one who emits. */
export class Emitter {
  #listeners = new Map();

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
    for (const { listener } of this.#listeners.get(type) ?? []) {
      try {
        listener(event);
      } catch (error) {
        // Not lost: it becomes an uncaught exception of its own.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  #remove(type, unwanted) {
    const entries = this.#listeners.get(type) ?? [];
    this.#listeners.set(type, entries.filter((x) => !unwanted(x)));
  }
}
