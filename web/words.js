// SPDX-License-Identifier: MIT
// What the page says, where it depends on something.
import { isolated, sentence } from './names.js';

const REASONS = new Map([
  [1008, 'The service has closed the connection: too many errors.'],
  [4000, 'You are connected somewhere else under this name.'],
  [4004, 'An administrator has disconnected you.'],
]);

const FAILURES = new Map([
  ['queue_full', 'too many messages wait already'],
  ['too_large', 'it is too long'],
  ['closed', 'the connection is closed'],
  ['left_room', 'you have left the room'],
]);

/** After these the message may have been said. */
const UNCONFIRMED = new Map([
  ['connection_lost', 'the connection broke'],
  ['unknown_outcome', 'the service did not answer'],
  ['unavailable', 'the room is not available'],
  ['internal', 'the room has failed'],
  ['reloaded', 'the page was loaded anew before an answer'],
]);

export function closedText({ code, reason }) {
  if (code === 4001 || code === 4002) {
    return `You are not let in: ${isolated(reason)}.`;
  }
  return REASONS.get(code) ?? `Disconnected: ${reason || `code ${code}`}.`;
}

export function waitingText({ code, retryInMs }) {
  const why = code === 1012 ? 'The service is restarting.'
    : code === 4003 ? 'The service is full.'
      : code === 4009 ? 'The service asks for a token: load this page again to give it one.'
        : 'The connection is lost.';
  const seconds = Math.ceil(retryInMs / 1000);
  return seconds > 1
    ? `${why} Trying again in ${seconds} seconds.` : `${why} Trying again…`;
}

/** Why no connection comes about, time and again, as far as one can tell. */
export function unreachableText({ status }) {
  return status === 426 ? 'The service is there, but lets no WebSocket in: it may '
      + 'not take this name, or a proxy does not pass WebSockets on.'
    : status ? `What answers there is not the service (${status}).` : '';
}

/** What became of a message that was not simply said. */
export function failureText({ code, message }) {
  const doubt = UNCONFIRMED.get(code);
  return doubt ? `Not confirmed: ${doubt}; perhaps it has arrived.`
    : `Not sent: ${FAILURES.get(code) ?? message}.`;
}

export function gapText({ reason, from, to }) {
  const count = to.seq - from.seq;
  return reason === 'hole' && count > 0
    ? `${count} message${count === 1 ? '' : 's'} may be missing here.`
    : 'Messages may be missing here.';
}

export function typingText(users) {
  if (users.length === 0) return '';
  if (users.length === 1) return sentence`${users[0]} is typing…`;
  if (users.length === 2) {
    return sentence`${users[0]} and ${users[1]} are typing…`;
  }
  return 'Several people are typing…';
}

/** Content may be any JSON value; text is shown as it is. */
export function contentText(content) {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

export function plural(count, word) {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
