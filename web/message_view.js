// SPDX-License-Identifier: MIT
// The elements of one entry of a conversation.
import { make, nameElement, setSentence } from './dom.js';
import { initialOf } from './names.js';

/** Messages of one sender that follow each other so closely are one block. */
const BLOCK_MS = 5 * 60 * 1000;

const clockTime = new Intl.DateTimeFormat(
  undefined, { hour: '2-digit', minute: '2-digit' });
const fullTime = new Intl.DateTimeFormat(
  undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** One of eight colours, always the same for a name. */
function hueOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 8191;
  return `hue-${sum % 8}`;
}

export function avatar(name) {
  const element = make('span', `avatar ${hueOf(name)}`, initialOf(name));
  element.setAttribute('aria-hidden', 'true');
  return element;
}

export function entryElement(entry) {
  return entry.kind === 'message' ? messageElement(entry) : noticeElement(entry);
}

/** Whether a message belongs to the block of the entry before it. */
export function follows(entry, before) {
  return entry.kind === 'message' && before?.kind === 'message'
    && before.sender === entry.sender && before.origin === entry.origin
    && entry.time - before.time < BLOCK_MS;
}

function timeElement(time) {
  const element = make('time', 'time', clockTime.format(time));
  element.dateTime = time.toISOString();
  element.title = fullTime.format(time);
  return element;
}

/** The mark of what the application said: no user can have it. */
function applicationMark() {
  const element = make('span', 'application-mark', 'Application');
  element.title = 'Said by the application itself, whatever the name. '
    + 'No user can have this mark.';
  return element;
}

function messageElement({ sender, origin, own, text, time }) {
  const head = make('span', 'message-head',
    make('strong', `sender ${hueOf(sender)}`, nameElement(sender, '')), ' ');
  if (origin === 'api') head.append(applicationMark(), ' ');
  head.append(timeElement(time));
  const body = make('span', 'text', text);
  body.dir = 'auto';
  const element = make('li', 'message', avatar(sender), head, body);
  if (own) element.classList.add('own');
  if (origin === 'api') element.classList.add('application');
  return element;
}

function noticeElement({ kind, text, time }) {
  const words = make('span', 'text');
  words.dir = 'auto'; // Isolated from the time beside it.
  setSentence(words, text);
  return make('li', `notice ${kind}`, words, ' ', timeElement(time));
}
