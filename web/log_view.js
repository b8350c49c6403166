// SPDX-License-Identifier: MIT
import { byId, make } from './dom.js';
import { failureText } from './words.js';

/** Messages of one sender that follow each other so closely are one block. */
const BLOCK_MS = 5 * 60 * 1000;

const clockTime = new Intl.DateTimeFormat(
  undefined, { hour: '2-digit', minute: '2-digit' });
const fullTime = new Intl.DateTimeFormat(
  undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** The messages of the conversation that is open. */
export class LogView {
  #frame = byId('log-frame');
  #log = byId('log');
  #pending = byId('pending');
  #newest = byId('newest');
  #elements = new WeakMap();
  #last = null;
  #pinned = true;

  constructor() {
    this.#frame.addEventListener('scroll', () => this.#scrolled());
    this.#newest.addEventListener('click', () => {
      this.#toEnd();
      this.#frame.focus();
    });
    new ResizeObserver(() => {
      if (this.#pinned) this.#toEnd();
    }).observe(this.#frame);
  }

  /** Another conversation, or none. It is not read out. */
  show(conversation) {
    this.#rebuild(conversation?.entries ?? []);
    this.#toEnd();
  }

  /** What was said before is put before; the eye stays where it is. */
  showEarlier(conversation) {
    const fromEnd = this.#frame.scrollHeight - this.#frame.scrollTop;
    this.#rebuild(conversation.entries);
    this.#frame.scrollTop = this.#frame.scrollHeight - fromEnd;
  }

  add(entry, gone) {
    for (const old of gone) this.#elements.get(old)?.remove();
    this.#append(entry);
    if (this.#pinned || entry.own) this.#toEnd();
    else this.#newest.hidden = false;
  }

  showPending(conversation, { again, forget }) {
    this.#pending.replaceChildren(...(conversation?.pending ?? []).map(
      (entry) => pendingElement(entry, again, forget)));
    if (this.#pinned) this.#toEnd();
  }

  #rebuild(entries) {
    this.#frame.setAttribute('aria-live', 'off');
    this.#log.replaceChildren();
    this.#last = null;
    for (const entry of entries) this.#append(entry);
    // The page is read out as it is then, not as it was built.
    requestAnimationFrame(() => this.#frame.setAttribute('aria-live', 'polite'));
  }

  #append(entry) {
    const last = this.#last;
    const follows = entry.kind === 'message' && last?.kind === 'message'
      && last.sender === entry.sender && entry.time - last.time < BLOCK_MS;
    const element = entry.kind === 'message'
      ? messageElement(entry, follows) : noticeElement(entry);
    this.#elements.set(entry, element);
    this.#log.append(element);
    this.#last = entry;
  }

  #scrolled() {
    const left = this.#frame.scrollHeight - this.#frame.scrollTop
      - this.#frame.clientHeight;
    this.#pinned = left < 40;
    if (this.#pinned) this.#newest.hidden = true;
  }

  #toEnd() {
    this.#frame.scrollTop = this.#frame.scrollHeight;
    this.#pinned = true;
    this.#newest.hidden = true;
  }
}

/** One of eight colours, always the same for a name. */
export function hueOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 8191;
  return `hue-${sum % 8}`;
}

export function avatar(name) {
  const [initial = '?'] = name;
  const element = make('span', `avatar ${hueOf(name)}`, initial.toUpperCase());
  element.setAttribute('aria-hidden', 'true');
  return element;
}

function timeElement(time) {
  const element = make('time', 'time', clockTime.format(time));
  element.dateTime = time.toISOString();
  element.title = fullTime.format(time);
  return element;
}

function messageElement({ sender, own, text, time }, follows) {
  const name = make('strong', `sender ${hueOf(sender)}`, sender);
  name.dir = 'auto';
  const head = make('span', 'message-head', name, ' ', timeElement(time));
  const body = make('span', 'text', text);
  body.dir = 'auto';
  const element = make('li', 'message', avatar(sender), head, body);
  if (own) element.classList.add('own');
  if (follows) element.classList.add('follows');
  return element;
}

function noticeElement({ kind, text, time }) {
  return make('li', `notice ${kind}`, make('span', 'text', text), ' ',
    timeElement(time));
}

function pendingElement(entry, again, forget) {
  const note = make('span', 'note', entry.failure ? failureText(entry.failure)
    : entry.isOnline ? 'Sending…' : 'Waiting for the connection…');
  const element = make('li', 'message own waiting',
    make('span', 'text', entry.text), note);
  if (!entry.failure) return element;
  element.classList.add('failed');
  const button = (label, act) => {
    const result = make('button', '', label);
    result.type = 'button';
    result.addEventListener('click', () => act(entry));
    return result;
  };
  element.append(button('Send again', again), button('Discard', forget));
  return element;
}
