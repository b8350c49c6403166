// SPDX-License-Identifier: MIT
import { Conversation } from './conversation.js';
import { contentText, gapText } from './words.js';

/** How much of before one gets on entering a room, and at each asking. */
const REWIND = 50;

/** What takes longer to be said is shown while it waits. */
const SLOW_MS = 1000;

/** Someone who types says so at most this often. */
const TYPING_PAUSE_MS = 3000;

/**
 * What the page knows: conversations, and what happens in them. `view` is told
 * of each change; no element is touched here.
 */
export class Chat {
  conversations = new Map();
  current = null;
  #client;
  #view;
  #typedAt = 0;
  /** What the service has turned out not to know. */
  #lacks = new Set();

  constructor(client, view) {
    this.#client = client;
    this.#view = view;
    const on = (type, handle) => client.on(type, (event) => {
      const conversation = this.#room(event.room);
      if (conversation) handle(conversation, event);
    });
    on('message', (room, event) => this.#message(room, event));
    on('user_joined', (room, event) => this.#came(room, event, 'joined'));
    on('user_left', (room, event) => this.#came(room, event, 'left'));
    on('members', (room, event) => this.#members(room, event));
    on('presence', (room, { users }) => {
      room.presence = users;
      view.members(room);
    });
    on('signal', (room, event) => this.#signal(room, event));
    on('gap', (room, gap) => this.#notice(room, 'gap', gapText(gap)));
    on('room_lost', (room, { error }) => {
      this.#notice(room, 'problem', `You are not in here any more: ${error.message}`);
    });
    client.on('private', (event) => this.#private(event));
    client.on('system', ({ content }) => this.#everywhere(contentText(content)));
    client.on('error', ({ error, request }) => {
      if (error.code === 'unknown_type' && request) this.#lacks.add(request.type);
    });
  }

  get user() {
    return this.#client.user;
  }

  list(kind) {
    return [...this.conversations.values()].filter((x) => x.kind === kind);
  }

  // -- what the user does -----------------------------------------------------

  /** Opens a room, joining it where one is not in it. */
  async join(name) {
    if (this.#room(name)) {
      this.select(this.#room(name));
      return;
    }
    const room = this.#open('room', name);
    this.select(room);
    try {
      const { replayed } = await this.#client.join(
        name, { rewind: REWIND, presence: true });
      room.hasEarlier = replayed === REWIND;
      this.#view.selected(this.current);
    } catch (error) {
      this.#close(room);
      throw error;
    }
    this.showAway(document.hidden);
  }

  leave(conversation) {
    if (conversation.kind === 'room') {
      // Whether the service answers or not, one is out of it.
      this.#client.leave(conversation.name).catch(() => {});
    }
    this.#close(conversation);
  }

  openPrivate(user) {
    this.select(this.#open('private', user));
  }

  select(conversation) {
    this.current = conversation;
    if (conversation) conversation.unread = 0;
    this.#view.selected(conversation);
    this.#view.conversations();
  }

  /** The user looks at the page again. */
  seen() {
    if (this.current) this.current.unread = 0;
    this.#view.conversations();
  }

  /** `key`: that of an earlier attempt, so that it is not said twice. */
  async say(text, conversation = this.current, key = undefined) {
    this.#typedAt = 0;
    const isOnline = this.#client.state === 'online';
    const entry = {
      kind: 'pending', text, time: new Date(), isOnline, failure: null };
    const showing = setTimeout(
      () => this.#addPending(conversation, entry), isOnline ? SLOW_MS : 0);
    try {
      if (conversation.kind === 'room') {
        await this.#client.publish(conversation.name, text, { key });
      } else {
        await this.#sayPrivately(conversation, text);
      }
      this.#removePending(conversation, entry);
    } catch (error) {
      entry.failure = error;
      this.#addPending(conversation, entry);
    } finally {
      clearTimeout(showing);
    }
  }

  sayAgain(conversation, entry) {
    this.#removePending(conversation, entry);
    this.say(entry.text, conversation, entry.failure.key);
  }

  forget(conversation, entry) {
    this.#removePending(conversation, entry);
  }

  /** The user is typing, or has emptied the field. */
  typing(on) {
    const room = this.current;
    if (room?.kind !== 'room' || this.#lacks.has('signal')) return;
    const now = Date.now();
    if (on && now - this.#typedAt < TYPING_PAUSE_MS) return;
    if (!on && this.#typedAt === 0) return;
    this.#typedAt = on ? now : 0;
    this.#client.signal(room.name, 'typing', { on });
  }

  showAway(away) {
    if (this.#lacks.has('presence')) return;
    for (const { name } of this.list('room')) {
      this.#client.presence(name, { away }).catch((error) => {
        if (error.code === 'unknown_type') this.#lacks.add('presence');
      });
    }
  }

  async earlier() {
    const room = this.current;
    const before = room.oldestSeq;
    room.hasEarlier = false;
    try {
      const messages = await this.#client.history(
        room.name, { before, limit: REWIND });
      room.addEarlier(messages.map((x) => this.#entryOf(x)));
      room.hasEarlier = messages.length === REWIND;
    } catch (error) {
      room.hasEarlier = error.code !== 'unknown_type';
    }
    this.#view.earlier(room);
  }

  // -- what the service says --------------------------------------------------

  #message(room, event) {
    const entry = this.#entryOf(event);
    room.typed(event.sender, false, Date.now());
    this.#view.typing(room);
    this.#add(room, entry, entry.sender !== this.user && !event.replayed);
  }

  #private({ from, content, timestamp }) {
    const conversation = this.#open('private', from);
    const entry = this.#entryOf({ sender: from, content, timestamp });
    this.#add(conversation, entry, true);
    if (this.current !== conversation || document.hidden) {
      this.#view.announce(`Private message from ${from}`);
    }
  }

  #came(room, { user }, what) {
    if (what === 'left') room.typed(user, false, Date.now());
    this.#notice(room, 'quiet', `${user} ${what}`);
    this.#view.typing(room);
  }

  #members(room, { members, count }) {
    room.members = members;
    room.count = count;
    this.#view.members(room);
  }

  #signal(room, { name, data, user }) {
    if (name !== 'typing' || user === this.user) return;
    room.typed(user, data?.on === true, Date.now());
    this.#view.typing(room);
  }

  #everywhere(text) {
    for (const conversation of this.conversations.values()) {
      this.#notice(conversation, 'system', text);
    }
  }

  // -- conversations ----------------------------------------------------------

  #room(name) {
    return this.conversations.get(Conversation.keyOf('room', name));
  }

  #open(kind, name) {
    const key = Conversation.keyOf(kind, name);
    let conversation = this.conversations.get(key);
    if (!conversation) {
      conversation = new Conversation(kind, name);
      this.conversations.set(key, conversation);
      this.#view.conversations();
    }
    return conversation;
  }

  #close(conversation) {
    const all = [...this.conversations.values()];
    const at = all.indexOf(conversation);
    this.conversations.delete(conversation.key);
    if (this.current === conversation) {
      this.select(all[at + 1] ?? all[at - 1] ?? null);
    }
    this.#view.conversations();
  }

  #notice(conversation, kind, text) {
    this.#add(conversation, { kind, text, time: new Date() }, false);
  }

  #add(conversation, entry, isNews) {
    const gone = conversation.add(entry);
    const isSeen = conversation === this.current && !document.hidden;
    if (isNews && !isSeen) {
      conversation.unread += 1;
      this.#view.conversations();
    }
    if (conversation === this.current) this.#view.added(entry, gone);
  }

  #entryOf({ sender, content, timestamp, seq }) {
    return {
      kind: 'message', sender, own: sender === this.user, seq,
      text: contentText(content), time: new Date(timestamp),
    };
  }

  async #sayPrivately(conversation, text) {
    const { delivered } = await this.#client.private(conversation.name, text);
    if (delivered === 0) {
      throw Object.assign(
        new Error(`${conversation.name} is not here`), { code: 'user_offline' });
    }
    if (conversation.name === this.user) return;
    this.#add(conversation, this.#entryOf({
      sender: this.user, content: text, timestamp: new Date().toISOString(),
    }), false);
  }

  #addPending(conversation, entry) {
    if (!conversation.pending.includes(entry)) conversation.pending.push(entry);
    this.#view.pending(conversation);
  }

  #removePending(conversation, entry) {
    conversation.pending = conversation.pending.filter((x) => x !== entry);
    this.#view.pending(conversation);
  }
}
