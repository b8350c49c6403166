// SPDX-License-Identifier: MIT
import { Client } from '../parlor.js';

import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { byId, setSentence, setText } from './dom.js';
import { forget, Keeper, remembered } from './keeper.js';
import { ConversationsView, MembersView } from './lists_view.js';
import { LogView } from './log_view.js';
import { keptOf } from './memory.js';
import { NameField } from './name_field.js';
import { balanced, sentence } from './names.js';
import { Panels } from './panels.js';
import { PendingView } from './pending_view.js';
import { SERVICE } from './service.js';
import { signIn } from './sign_in.js';
import { StatusView } from './status_view.js';
import { plural, typingText } from './words.js';

/**
 * Shows the chat for one who has a name, and begins. A tab that is loaded anew
 * goes on, but for one with a token: of that nothing is kept. `before` is what
 * the tab has kept, of whomever it is.
 */
function open({ user, token }, rooms, before) {
  const client = new Client(SERVICE, {
    user: user || undefined,
    // Nobody here could get another one when this one expires.
    getToken: token
      ? ({ reason }) => (reason === 'connect' ? token : undefined) : undefined,
  });
  const panels = new Panels();
  const log = new LogView({ earlier: () => chat.earlier() });
  const pending = new PendingView({
    again: (entry) => chat.sayAgain(chat.current, entry),
    forget: (entry) => chat.forget(chat.current, entry),
  });
  const lists = new ConversationsView((x) => choose(x));
  const members = new MembersView((other) => {
    panels.close();
    chat.openPrivate(other);
    composer.focus();
  });
  const view = {
    unseen: () => log.unseen,
    conversations: () => {
      lists.show(chat.list('room'), chat.list('private'), chat.current);
      keeper.soon();
    },
    selected: (conversation) => {
      showHead(conversation);
      log.show(conversation);
      pending.show(conversation);
      log.settle();
      composer.show(conversation);
      members.show(conversation, client.user);
      view.typing(conversation);
    },
    head: (room) => {
      if (room !== chat.current) return;
      showHead(room);
      log.showHasEarlier(room);
      members.show(room, client.user);
    },
    earlier: (room) => {
      if (room === chat.current) log.showEarlier(room);
    },
    added: (entry, gone) => log.add(entry, gone),
    changed: () => keeper.soon(),
    pending: (conversation) => {
      keeper.soon();
      if (conversation !== chat.current) return;
      pending.show(conversation);
      log.settle();
    },
    members: (room) => view.head(room),
    typing: (conversation) => {
      if (conversation !== chat.current) return;
      setSentence(byId('typing'),
        typingText(conversation?.typing(Date.now()) ?? []));
    },
    announce: (text) => setSentence(byId('announcer'), text),
  };
  const chat = new Chat(client, view);
  const composer = new Composer({
    say: (text) => chat.say(text),
    typing: (on) => chat.typing(on),
    changed: () => keeper.soon(),
  });
  const keeper = new Keeper(
    () => (token ? null : keptOf(chat, composer.drafts)));
  const status = new StatusView({
    retry: () => client.reconnect(),
    connect: () => client.connect().catch(() => {}),
  });
  client.on('state', (change) => {
    status.show(change);
    setText(byId('who'), balanced(client.user ?? ''));
  });
  client.on('error', ({ error }) => status.suspect(error));

  function choose(conversation) {
    panels.close();
    chat.select(conversation);
    composer.focus();
  }

  const joinField = new NameField(byId('join-name'), byId('join-problem'));

  function join(name) {
    panels.close();
    const joining = chat.join(name);
    composer.focus();
    joining.catch(({ message }) => {
      setSentence(byId('join-problem'), sentence`${name}: ${message}`);
    });
  }

  byId('join-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const name = joinField.value;
    if (name === '' || !joinField.check()) return;
    joinField.value = '';
    join(name);
  });
  byId('leave').addEventListener('click', () => {
    chat.leave(chat.current);
    if (chat.current) composer.focus();
    else panels.focusJoin();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) chat.seen();
    chat.showAway(document.hidden);
  });
  setInterval(() => view.typing(chat.current), 1000);

  byId('sign-in').hidden = true;
  byId('chat').hidden = false;
  view.selected(null);
  for (const room of rooms) join(room);
  if (token) {
    forget();
  } else if (before?.user === user) {
    composer.restore(before.drafts);
    chat.restore(before);
  }
  client.connect().catch(() => {});
}

function showHead(conversation) {
  const isRoom = conversation?.kind === 'room';
  setText(byId('conversation-name'),
    conversation ? balanced(conversation.name) : 'No room yet');
  setText(byId('conversation-about'), !conversation ? 'Join one to begin.'
    : !isRoom ? 'Only the two of you see this.'
      : conversation.count > 0 ? plural(conversation.count, 'member') : '');
  byId('leave').hidden = !conversation;
  setText(byId('leave'), isRoom ? 'Leave' : 'Close');
  byId('show-members').hidden = !isRoom;
}

const before = remembered();
if (before?.rooms.length > 0 || before?.privates.length > 0) {
  open({ user: before.user }, before.rooms, before);
} else {
  signIn((user, room, token) => open({ user, token }, [room], before));
}
