// SPDX-License-Identifier: MIT
import { byId, make, setText, showList } from '../dom.js';
import { balanced, isolated, sentence } from '../names.js';
import * as words from '../admin/words.js';
import { nameOfThread } from './picture_view.js';
import { linkToActor } from './places.js';
import { Rates, tookOf } from './rates.js';

/** How a link is read from here. */
const TO = { monitors: 'monitors', owns: 'owns', knows: 'knows' };
const FROM = {
  monitors: 'is monitored by', owns: 'is owned by', knows: 'is known to' };

/** One actor: what it holds, whom it knows, what it has handled last. */
export class ActorView {
  #handled = new Rates();
  #busy = new Rates();
  #id = 0;

  open(id) {
    this.#id = id;
    this.#handled.clear();
    this.#busy.clear();
    for (const part of ['figures', 'state', 'links', 'messages']) {
      byId(`actor-${part}`).replaceChildren();
    }
    for (const part of ['silent', 'more']) setText(byId(`actor-${part}`), '');
  }

  /** Returns its name, or null where it is not there. */
  show(actor, at) {
    if (actor.id !== this.#id) return undefined;
    if (actor.gone) return null;
    this.#handled.take([['', actor.handled]], at);
    this.#busy.take([['', actor.busy_us / 1e6]], at);
    this.#showFigures(actor);
    this.#showState(actor.state);
    this.#showLinks(actor);
    this.#showMessages(actor.messages);
    return sentence`${actor.kind} ${actor.title || actor.id}`;
  }

  #showFigures({ id, thread, mailbox, handled, busy_us: us }) {
    showPairs(byId('actor-figures'), 'figure', [
      ['Id', `${id}`],
      ['Thread', nameOfThread(thread)],
      ['Mailbox', words.count(mailbox)],
      ['Messages', words.count(handled)],
      ['A second', words.rate(this.#handled.of(''))],
      ['Time in handlers', tookOf(us)],
      ['Of the time', words.percent(this.#busy.of(''))],
      ['A message takes', tookOf(us / handled)],
    ]);
  }

  #showState(state) {
    setText(byId('actor-silent'), state ? '' : 'It did not answer in time.');
    if (!state) return;
    showPairs(byId('actor-state'), 'fact', Object.entries(state).map(
      ([name, value]) => [name.replaceAll('_', ' '), textOf(value)]));
  }

  #showLinks({ links, linked, linked_from: from }) {
    const all = [
      ...links.map((x) => ({ ...x, words: TO[x.relation], other: x.to })),
      ...from.map((x) => ({ ...x, words: FROM[x.relation], other: x.from })),
    ];
    showList(byId('actor-links'), all, {
      key: (x) => `${x.words} ${x.other}`,
      create: (x) => {
        const link = make('a', '', `${x.kind} ${x.other}`);
        link.href = linkToActor(x.other);
        return make('li', '', make('span', 'quiet', x.words), ' ', link);
      },
      update: () => {},
    });
    const rest = linked - links.length;
    setText(byId('actor-more'), rest > 0 ? `and ${words.count(rest)} more` : '');
  }

  /** The last one first; nothing is said anew that was there before. */
  #showMessages(messages) {
    const seen = new Map();
    const rows = messages.map((x) => {
      const base = `${x.at} ${x.message} ${x.sender?.id ?? ''} ${x.took_us}`;
      seen.set(base, (seen.get(base) ?? 0) + 1);
      return { ...x, key: `${base} ${seen.get(base)}` };
    }).reverse();
    showList(byId('actor-messages'), rows, {
      key: ({ key }) => key,
      create: (x) => make('tr', '',
        make('td', 'code', x.at.slice(11, 23)),
        make('td', 'code', x.message),
        make('td', '', sender(x.sender)),
        make('td', 'number', tookOf(x.took_us))),
      update: () => {},
    });
    byId('actor-quiet').hidden = rows.length > 0;
  }
}

function sender(who) {
  if (!who) return make('span', 'quiet', 'no actor');
  const link = make('a', '', `${who.kind} ${who.id}`);
  link.href = linkToActor(who.id);
  return link;
}

function textOf(value) {
  if (Array.isArray(value)) {
    return value.map((x) => isolated(String(x))).join(', ') || '–';
  }
  if (typeof value === 'number') return words.count(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === '' ? '–' : balanced(String(value));
}

function showPairs(list, className, pairs) {
  showList(list, pairs, {
    key: ([name]) => name,
    create: ([name]) => make('div', className, make('dt', '', name), make('dd')),
    update: (element, [, text]) => setText(element.lastChild, text),
  });
}
