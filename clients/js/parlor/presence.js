// SPDX-License-Identifier: MIT

/** Who shows what in one room: user, then connection, then data. */
export class Presence {
  #users = new Map();

  /** A `presence_state`: what was known is void. */
  replace(state) {
    this.#users.clear();
    this.#add(state);
  }

  /** A `presence_diff`. */
  apply({ joins = {}, leaves = {} }) {
    for (const [user, entries] of Object.entries(leaves)) {
      const connections = this.#users.get(user);
      for (const { connection } of entries) connections?.delete(connection);
      if (connections?.size === 0) this.#users.delete(user);
    }
    this.#add(joins);
  }

  /** As plain objects: `{ user: [{ connection, data }] }`. */
  snapshot() {
    const result = Object.create(null);
    for (const [user, connections] of this.#users) {
      result[user] = [...connections].map(
        ([connection, data]) => ({ connection, data }));
    }
    return result;
  }

  #add(users = {}) {
    for (const [user, entries] of Object.entries(users)) {
      const connections = this.#users.get(user) ?? new Map();
      for (const { connection, data } of entries) {
        connections.set(connection, data);
      }
      this.#users.set(user, connections);
    }
  }
}
