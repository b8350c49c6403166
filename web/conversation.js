// SPDX-License-Identifier: MIT

/** How much of a conversation the page keeps. */
const MOST_ENTRIES = 500;

/** And while someone reads in what would have to go. */
const MOST_WHILE_READ = 2000;

/** A signal that someone types holds for so long. */
const TYPING_MS = 5000;

/**
 * A room, or the private messages with one user, as the page knows it. An
 * entry is a message or a notice: `{ kind, time, … }`.
 */
export class Conversation {
  entries = [];
  /** What one has said here and is not in `entries` yet, the oldest first. */
  pending = [];
  unread = 0;
  /** Null where only `count` is known. */
  members = [];
  count = 0;
  presence = Object.create(null);
  /** Whether the service may have earlier messages. */
  hasEarlier = false;
  /** Whether it is being asked for them. */
  asksEarlier = false;
  #typing = new Map();

  constructor(kind, name) {
    this.kind = kind;
    this.name = name;
    this.key = Conversation.keyOf(kind, name);
  }

  static keyOf(kind, name) {
    return `${kind}:${name}`;
  }

  /**
   * Returns the entries that had to go for it: the oldest ones. The first
   * `unseen` of all may go without being missed by someone who reads.
   */
  add(entry, unseen = Infinity) {
    this.entries.push(entry);
    const { length } = this.entries;
    return this.entries.splice(0, Math.max(
      0, Math.min(length - MOST_ENTRIES, unseen), length - MOST_WHILE_READ));
  }

  addEarlier(entries) {
    this.entries.unshift(...entries);
  }

  /** The number of the oldest message, to ask for those before it. */
  get oldestSeq() {
    return this.entries.find(({ seq }) => seq !== undefined)?.seq;
  }

  /** Someone types, or (`on` is false) has stopped to. */
  typed(user, on, now) {
    if (on) this.#typing.set(user, now + TYPING_MS);
    else this.#typing.delete(user);
  }

  typing(now) {
    return [...this.#typing].filter(([, until]) => until > now)
      .map(([user]) => user);
  }

  isAway(user) {
    const shown = this.presence[user];
    return shown?.length > 0 && shown.every(({ data }) => data?.away === true);
  }
}
