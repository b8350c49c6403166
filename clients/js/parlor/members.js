// SPDX-License-Identifier: MIT

/** Who is in one room; only how many, where the server lists no names. */
export class Members {
  #names = null;
  #count = 0;
  /** So many were too many for a list. */
  #tooMany = Infinity;
  /** Whether joins and leaves may be missing, or void. */
  #isDoubtful = false;

  /** What was told may not be so any more, until somebody tells all. */
  doubt() {
    this.#isDoubtful = true;
  }

  /** A frame with `members`, `member_count` or `count`; false without. */
  replace(frame) {
    if (Array.isArray(frame.members)) {
      this.#isDoubtful = false;
      this.#names = [...frame.members];
      this.#count = this.#names.length;
      this.#tooMany = Infinity;
      return true;
    }
    const count = frame.member_count ?? frame.count;
    if (count === undefined) return false;
    this.#isDoubtful = false;
    this.#names = null;
    this.#count = count;
    if (frame.member_count !== undefined) {
      this.#tooMany = Math.min(this.#tooMany, count);
    }
    return true;
  }

  /** Whether the server knows better: they may be few enough to be listed. */
  get areWorthAsking() {
    return this.#isDoubtful
      || this.#names === null && this.#count < this.#tooMany;
  }

  /** Whether this user is the only one. */
  isOnly(user) {
    return this.#names?.length === 1 && this.#names[0] === user;
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
