// SPDX-License-Identifier: MIT

/** Who is in one room; only how many, where the server lists no names. */
export class Members {
  #names = null;
  #count = 0;

  /** A frame with `members`, `member_count` or `count`; false without. */
  replace(frame) {
    if (Array.isArray(frame.members)) {
      this.#names = [...frame.members];
      this.#count = this.#names.length;
      return true;
    }
    const count = frame.member_count ?? frame.count;
    if (count === undefined) return false;
    this.#names = null;
    this.#count = count;
    return true;
  }

  remove(user) {
    if (this.#names === null) {
      this.#count = Math.max(0, this.#count - 1);
      return;
    }
    this.#names = this.#names.filter((name) => name !== user);
    this.#count = this.#names.length;
  }

  /** `members` is null where only their number is known. */
  snapshot() {
    return { members: this.#names && [...this.#names], count: this.#count };
  }
}
