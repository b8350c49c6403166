// SPDX-License-Identifier: MIT
import { Conversation } from './conversation.js';
import { pendingOf } from './memory.js';
import { sentence } from './names.js';
import { Sender } from './sender.js';
import { contentText, gapText } from './words.js';

/** How much of before one gets on entering a room, and at each asking. */
const REWIND = 50;

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
  #sender;
  #typedAt = 0;
  /** What the service has turned out not to know. */
  #lacks = new Set();

  constructor(client, view) {
    this.#client = client;
    this.#view = view;
    this.#sender = new Sender(client, {
      changed: (conversation) => view.pending(conversation),
      said: (conversation, text) => this.#saidPrivately(conversation, text),
    });
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
      this.#notice(room, 'problem', sentence`You are not in here any more: ${error.message}`);
    });
    client.on('state', ({ state }) => {
      if (state !== 'online') return;
      for (const one of this.conversations.values()) this.#sender.sent(one);
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

  /** Puts back what one `kept.js` has read: all but the rooms, which are joined. */
  restore(kept) {
    for (const { name, unread, entries } of kept.privates) {
      const conversation = this.#open('private', name);
      conversation.entries.unshift(...entries);
      conversation.unread += unread;
    }
    const keys = new Set(kept.pending.map(({ conversation }) => conversation));
    for (const key of keys) {
      const conversation = this.conversations.get(key);
      if (!conversation) continue;
      const pending = pendingOf(kept, key);
      conversation.pending.unshift(...pending);
      for (const entry of pending) {
        if (!entry.failure) this.#sender.sayAgain(conversation, entry);
      }
    }
    this.select(this.conversations.get(kept.current) ?? this.current);
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
      this.#view.head(room);
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

  say(text, conversation = this.current) {
    this.#typedAt = 0;
    this.#sender.say(text, conversation);
  }

  sayAgain(conversation, entry) {
    this.#sender.sayAgain(conversation, entry);
  }

  forget(conversation, entry) {
    this.#sender.forget(conversation, entry);
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
    if (room.asksEarlier) return;
    const before = room.oldestSeq;
    room.asksEarlier = true;
    try {
      const messages = await this.#client.history(
        room.name, { before, limit: REWIND });
      room.addEarlier(messages.map((x) => this.#entryOf(x)));
      room.hasEarlier = messages.length === REWIND;
    } catch (error) {
      room.hasEarlier = error.code !== 'unknown_type';
    }
    room.asksEarlier = false;
    this.#view.earlier(room);
  }

  // -- what the service says --------------------------------------------------

  #message(room, event) {
    const entry = this.#entryOf(event);
    room.typed(event.sender, false, Date.now());
    this.#view.typing(room);
    this.#add(room, entry, !entry.own && !event.replayed);
  }

  #private({ from, content, timestamp, origin }) {
    const conversation = this.#open('private', from);
    const entry = this.#entryOf({ sender: from, content, timestamp, origin });
    this.#add(conversation, entry, true);
    if (this.current !== conversation || document.hidden) {
      this.#view.announce(sentence`Private message from ${from}`);
    }
  }

  #came(room, { user }, what) {
    if (what === 'left') room.typed(user, false, Date.now());
    this.#notice(room, 'quiet', what === 'left'
      ? sentence`${user} left` : sentence`${user} joined`);
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
    const gone = conversation.add(entry,
      conversation === this.current ? this.#view.unseen() : undefined);
    const isSeen = conversation === this.current && !document.hidden;
    if (isNews && !isSeen) {
      conversation.unread += 1;
      this.#view.conversations();
    }
    if (conversation === this.current) this.#view.added(entry, gone);
    this.#view.changed();
  }

  /** What the application says is nobody's own, whatever name it uses. */
  #entryOf({ sender, content, timestamp, seq, origin, replayed = false }) {
    return {
      kind: 'message', sender, origin, seq, replayed,
      own: sender === this.user && origin === undefined,
      text: contentText(content), time: new Date(timestamp),
    };
  }

  #saidPrivately(conversation, text) {
    if (conversation.name === this.user) return;
    this.#add(conversation, this.#entryOf({
      sender: this.user, content: text, timestamp: new Date().toISOString(),
    }), false);
  }
}
