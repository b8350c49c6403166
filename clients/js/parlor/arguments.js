// SPDX-License-Identifier: MIT
// What the service would not take is refused before it is sent: it would be
// refused on each connection, or end it.
import { ParlorError } from './errors.js';

const NAME_BYTES = 255;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A user, a room, a key or a signal. */
export function checkName(what, name) {
  const problem = problemOfName(name);
  if (problem) throw new ParlorError('bad_request', `${what} ${problem}`);
}

/** A number that counts something; undefined where it was left out. */
export function checkCount(what, count) {
  if (count === undefined || (Number.isSafeInteger(count) && count >= 0)) return;
  throw new ParlorError(
    'bad_request', `${what} has to be an integer from 0 on`);
}

/** Where to go on from. */
export function checkPosition(what, position) {
  if (position === undefined || position === null) return;
  if (typeof position.epoch !== 'string' || position.seq === undefined) {
    throw new ParlorError(
      'bad_request', `${what} has to be an epoch and a seq`);
  }
  checkCount(`${what}.seq`, position.seq);
}

/** A frame as the service takes it, whose values nest so deep at most. */
export function frameText(frame, jsonDepth) {
  for (const member of ['content', 'data']) {
    if (member in frame && JSON_LESS.has(typeof frame[member])) {
      throw new ParlorError(
        'bad_request', `${member} is ${typeof frame[member]}, which is no JSON`);
    }
  }
  let text;
  try {
    text = JSON.stringify(frame);
  } catch (cause) {
    throw new ParlorError('bad_json', cause.message, { cause });
  }
  const problem = problemOfText(text, jsonDepth);
  if (problem) throw new ParlorError('bad_json', problem);
  return text;
}

export function utf8Length(text) {
  return new TextEncoder().encode(text).length;
}

/** JSON.stringify leaves members with these out. */
const JSON_LESS = new Set(['undefined', 'function', 'symbol']);

function problemOfName(name) {
  if (typeof name !== 'string') return 'has to be a string';
  if (name === '') return 'is empty';
  if (CONTROL.test(name)) return 'has a control character';
  if (LONE_SURROGATE.test(name)) return 'has half of a surrogate pair';
  return utf8Length(name) > NAME_BYTES
    ? `has more than ${NAME_BYTES} bytes of UTF-8` : undefined;
}

/** Of the output of JSON.stringify, which escapes lone surrogates alone. */
function problemOfText(text, jsonDepth) {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i];
    if (letter === '"') {
      inString = !inString;
    } else if (inString && letter === '\\') {
      if (text.startsWith('ud', i + 1)) return 'half of a surrogate pair';
      i += 1;
    } else if (!inString && (letter === '{' || letter === '[')) {
      depth += 1;
      if (depth > jsonDepth) return `nested deeper than ${jsonDepth}`;
    } else if (!inString && (letter === '}' || letter === ']')) {
      depth -= 1;
    }
  }
  return undefined;
}
