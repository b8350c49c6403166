// SPDX-License-Identifier: MIT
// Names of users and rooms are what anybody has typed. Some characters turn the
// text around them: a name is isolated wherever words stand beside it. Pure.

const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/** What is written from right to left, and what changes the direction. */
const TURNS = new RegExp('[\\p{Bidi_Control}\\u2028\\u2029\\u0590-\\u08ff'
  + '\\ufb1d-\\ufdff\\ufe70-\\ufeff\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}]', 'u');

/** The service takes so many bytes of UTF-8. */
const NAME_BYTES = 255;

/**
 * The name as the content of something that isolates it. One that closes more
 * isolates than it opens would close that one as well, and one that leaves some
 * open, or ends the paragraph, would keep it open.
 */
export function balanced(name) {
  let open = 0;
  let result = '';
  for (const letter of name.replace(/[\u2028\u2029]/g, ' ')) {
    if (letter === POP_ISOLATE) {
      if (open === 0) continue;
      open -= 1;
    } else if (letter >= '\u2066' && letter <= FIRST_STRONG_ISOLATE) {
      open += 1;
    }
    result += letter;
  }
  return result + POP_ISOLATE.repeat(open);
}

/** The name within a text without elements: a title, an attribute. */
export function isolated(name) {
  return TURNS.test(name)
    ? `${FIRST_STRONG_ISOLATE}${balanced(name)}${POP_ISOLATE}` : name;
}

/** Words with names in between. `dom.js` shows it, a string is of it in titles. */
export class Sentence {
  #words;
  #names;

  constructor(words, names) {
    this.#words = words;
    this.#names = names.map(String);
  }

  /** Words and names by turns, words first; names have no effect outside. */
  get parts() {
    return this.#words.flatMap((text, at) => (at === 0
      ? [text] : [balanced(this.#names[at - 1]), text]));
  }

  toString() {
    return this.#words.reduce(
      (text, words, at) => text + isolated(this.#names[at - 1]) + words);
  }
}

/** A tag for templates: sentence`${user} joined`. */
export function sentence(words, ...names) {
  return new Sentence(words, names);
}

/** Why the service would not take this name; empty where it may. */
export function nameProblem(name) {
  const bytes = new TextEncoder().encode(name).length;
  return bytes <= NAME_BYTES ? ''
    : `This name is too long: it has ${bytes} bytes, of which ${NAME_BYTES} are `
      + 'allowed. Letters other than a to z take two to four.';
}

/** The first letter of a name that can be seen. */
export function initialOf(name) {
  return /[^\p{C}\p{Z}\p{M}]/u.exec(name)?.[0].toUpperCase() ?? '?';
}
