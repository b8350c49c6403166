// SPDX-License-Identifier: MIT
import { isolated } from './names.js';

/** What takes longer to be said is shown while it waits. */
const SLOW_MS = 1000;

let count = 0;

/** A word that no other message has. Where a page is not safe there is no UUID. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((x) => x.toString(16).padStart(2, '0')).join('');
}

/**
 * Something said that is not known to have been heard. `wasSent`: perhaps the
 * service has it. With its key it is said once, however often it is tried.
 */
export function pendingEntry({
  text, time = new Date(), key = newKey(), wasSent = false, failure = null }) {
  count += 1;
  return {
    id: `${count}`, kind: 'pending', text, time, key, wasSent, failure,
    isOnline: false, isShown: failure !== null,
  };
}

/** Says things, and knows what became of them. */
export class Sender {
  #client;
  #changed;
  #said;

  /**
   * `changed(conversation)` is called where what waits there is another, and
   * `said(conversation, text)` with a private message that has arrived.
   */
  constructor(client, { changed, said }) {
    this.#client = client;
    this.#changed = changed;
    this.#said = said;
  }

  say(text, conversation) {
    const entry = pendingEntry({ text });
    conversation.pending.push(entry);
    return this.#send(conversation, entry);
  }

  /** What failed, or was waiting when the page was loaded anew. */
  sayAgain(conversation, entry) {
    entry.failure = null;
    return this.#send(conversation, entry);
  }

  forget(conversation, entry) {
    conversation.pending = conversation.pending.filter((x) => x !== entry);
    this.#changed(conversation);
  }

  /** There is a connection: what waits may be on its way from now on. */
  sent(conversation) {
    for (const entry of conversation.pending) {
      if (entry.failure) continue;
      entry.wasSent = true;
      entry.isOnline = true;
    }
    this.#changed(conversation);
  }

  async #send(conversation, entry) {
    entry.isOnline = this.#client.state === 'online';
    entry.wasSent ||= entry.isOnline;
    entry.isShown ||= !entry.isOnline;
    this.#changed(conversation);
    const showing = setTimeout(() => {
      entry.isShown = true;
      this.#changed(conversation);
    }, SLOW_MS);
    try {
      await this.#transmit(conversation, entry);
      this.forget(conversation, entry);
    } catch (error) {
      entry.failure = error;
      entry.isShown = true;
      this.#changed(conversation);
    } finally {
      clearTimeout(showing);
    }
  }

  async #transmit(conversation, { text, key }) {
    const { kind, name } = conversation;
    if (kind === 'room') {
      await this.#client.publish(name, text, { key });
      return;
    }
    const { delivered } = await this.#client.private(name, text);
    if (delivered === 0) {
      throw Object.assign(
        new Error(`${isolated(name)} is not here`), { code: 'user_offline' });
    }
    this.#said(conversation, text);
  }
}
