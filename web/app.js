// SPDX-License-Identifier: MIT
import { Client } from '/parlor.js';

import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { byId, setText } from './dom.js';
import { ConversationsView, MembersView } from './lists_view.js';
import { LogView } from './log_view.js';
import { Panels } from './panels.js';
import { remember, remembered, signIn } from './sign_in.js';
import { StatusView } from './status_view.js';
import { plural, typingText } from './words.js';

/**
 * Shows the chat for one who has a name, and begins. A tab that is loaded anew
 * goes on, but for one with a token, which is not kept.
 */
function open({ user, token }, rooms) {
  const client = new Client(location.origin, {
    user: user || undefined,
    // Nobody here could get another one when this one expires.
    getToken: token
      ? ({ reason }) => (reason === 'connect' ? token : undefined) : undefined,
  });
  const panels = new Panels();
  const log = new LogView();
  const lists = new ConversationsView((x) => choose(x));
  const members = new MembersView((user) => {
    panels.close();
    chat.openPrivate(user);
    composer.focus();
  });
  const again = {
    again: (entry) => chat.sayAgain(chat.current, entry),
    forget: (entry) => chat.forget(chat.current, entry),
  };
  const view = {
    conversations: () => {
      lists.show(chat.list('room'), chat.list('private'), chat.current);
      if (!token) remember(client.user, chat.list('room').map(({ name }) => name));
    },
    selected: (conversation) => {
      showHead(conversation);
      log.show(conversation);
      log.showPending(conversation, again);
      composer.show(conversation);
      members.show(conversation, client.user);
      view.typing(conversation);
    },
    earlier: (room) => {
      if (room !== chat.current) return;
      showHead(room);
      log.showEarlier(room);
    },
    added: (entry, gone) => log.add(entry, gone),
    pending: (conversation) => {
      if (conversation === chat.current) log.showPending(conversation, again);
    },
    members: (room) => {
      if (room !== chat.current) return;
      showHead(room);
      members.show(room, client.user);
    },
    typing: (conversation) => {
      if (conversation !== chat.current) return;
      setText(byId('typing'),
        typingText(conversation?.typing(Date.now()) ?? []));
    },
    announce: (text) => setText(byId('announcer'), text),
  };
  const chat = new Chat(client, view);
  const composer = new Composer({
    say: (text) => chat.say(text),
    typing: (on) => chat.typing(on),
  });
  const status = new StatusView({
    retry: () => client.reconnect(),
    connect: () => client.connect().catch(() => {}),
  });
  client.on('state', (change) => {
    status.show(change);
    setText(byId('who'), client.user);
  });

  function choose(conversation) {
    panels.close();
    chat.select(conversation);
    composer.focus();
  }

  async function join(name) {
    panels.close();
    const joining = chat.join(name);
    composer.focus();
    await joining;
  }

  byId('join-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const name = byId('join-name').value.trim();
    setText(byId('join-problem'), '');
    if (name === '') return;
    byId('join-name').value = '';
    join(name).catch((error) => {
      setText(byId('join-problem'), `${name}: ${error.message}`);
    });
  });
  byId('leave').addEventListener('click', () => {
    chat.leave(chat.current);
    if (chat.current) composer.focus();
    else byId('join-name').focus();
  });
  byId('earlier').addEventListener('click', () => chat.earlier());
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) chat.seen();
    chat.showAway(document.hidden);
  });
  setInterval(() => view.typing(chat.current), 1000);

  byId('sign-in').hidden = true;
  byId('chat').hidden = false;
  view.selected(null);
  for (const room of rooms) {
    join(room).catch((error) => {
      setText(byId('join-problem'), `${room}: ${error.message}`);
    });
  }
  client.connect().catch(() => {});
}

function showHead(conversation) {
  const isRoom = conversation?.kind === 'room';
  setText(byId('conversation-name'), conversation?.name ?? 'No room yet');
  setText(byId('conversation-about'), !conversation ? 'Join one to begin.'
    : !isRoom ? 'Only the two of you see this.'
      : conversation.count > 0 ? plural(conversation.count, 'member') : '');
  byId('leave').hidden = !conversation;
  setText(byId('leave'), isRoom ? 'Leave' : 'Close');
  byId('earlier').hidden = !conversation?.hasEarlier;
  byId('show-members').hidden = !isRoom;
}

const before = remembered();
if (before && before.rooms.length > 0) {
  open({ user: before.user }, before.rooms);
} else {
  signIn((user, room, token) => open({ user, token }, [room]));
}
