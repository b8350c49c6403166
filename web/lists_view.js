// SPDX-License-Identifier: MIT
import { byId, make, nameElement, setText, showList } from './dom.js';
import { avatar } from './message_view.js';
import { isolated } from './names.js';
import { plural } from './words.js';

/** Rooms and private conversations, with what is unread in them. */
export class ConversationsView {
  #rooms = byId('room-list');
  #privates = byId('private-list');
  #privateTitle = byId('private-title');
  #elsewhere = byId('elsewhere');
  #select;

  constructor(select) {
    this.#select = select;
  }

  show(rooms, privates, current) {
    this.#fill(this.#rooms, rooms, current);
    this.#fill(this.#privates, privates, current);
    this.#privateTitle.hidden = privates.length === 0;
    const unread = [...rooms, ...privates].reduce(
      (sum, { unread: count }) => sum + count, 0);
    showBadge(this.#elsewhere, unread);
    const where = current ? `${isolated(current.name)} – Parlor` : 'Parlor';
    document.title = unread > 0 ? `(${unread}) ${where}` : where;
  }

  #fill(list, conversations, current) {
    showList(list, conversations, {
      key: ({ key }) => key,
      create: (conversation) => this.#create(conversation),
      update: (element, { unread, key }) => {
        const button = element.firstElementChild;
        showBadge(button.lastElementChild, unread);
        if (key === current?.key) button.setAttribute('aria-current', 'true');
        else button.removeAttribute('aria-current');
      },
    });
  }

  #create(conversation) {
    const { kind, name } = conversation;
    const sign = kind === 'room' ? make('span', 'sign', '#') : avatar(name);
    sign.setAttribute('aria-hidden', 'true');
    const badge = make('span', 'badge');
    badge.hidden = true;
    const button = make(
      'button', 'conversation-button', sign, nameElement(name), badge);
    button.type = 'button';
    button.addEventListener('click', () => this.#select(conversation));
    return make('li', '', button);
  }
}

/** Who is in the room that is open. */
export class MembersView {
  #panel = byId('members');
  #title = byId('members-title');
  #list = byId('member-list');
  #note = byId('members-note');
  #open;

  /** `open(user)` begins a private conversation. */
  constructor(open) {
    this.#open = open;
  }

  show(conversation, self) {
    const isRoom = conversation?.kind === 'room';
    this.#panel.hidden = !isRoom;
    if (!isRoom) return;
    const { members, count } = conversation;
    setText(this.#title, count > 0 ? `Members (${count})` : 'Members');
    setText(this.#note, members ? ''
      : `${plural(count, 'user')}: too many to list.`);
    showList(this.#list, members ?? [], {
      key: (user) => user,
      create: (user) => this.#create(user, self),
      update: (element, user) => {
        const away = conversation.isAway(user);
        element.classList.toggle('away', away);
        setText(element.querySelector('.presence'), away ? 'away' : '');
      },
    });
  }

  #create(user, self) {
    const name = nameElement(user);
    const about = make('span', 'presence');
    if (user === self) {
      return make('li', 'member self', avatar(user), name,
        make('span', 'quiet', 'you'), about);
    }
    const button = make('button', 'member-button', avatar(user), name, about);
    button.type = 'button';
    button.title = 'Write privately';
    button.addEventListener('click', () => this.#open(user));
    return make('li', 'member', button);
  }
}

function showBadge(element, count) {
  const text = count > 99 ? '99+' : String(count);
  element.hidden = count === 0;
  if (count === 0) setText(element, '');
  else if (element.textContent !== `${text} unread`) {
    element.replaceChildren(text, make('span', 'unseen', ' unread'));
  }
}
