// SPDX-License-Identifier: MIT
// What users write becomes text here, never markup: there is no innerHTML.
import { balanced, Sentence } from './names.js';

export function byId(id) {
  return document.getElementById(id);
}

/** An element with a class and children; strings become text. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Sets a text only where it is another, so that nothing is said twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The name of a user or room, which has no effect on what is beside it. */
export function nameElement(name, className = 'name') {
  return make('bdi', className, balanced(name));
}

/** A text, or a sentence of which each name is isolated. As `setText`. */
export function setSentence(element, what) {
  if (!(what instanceof Sentence)) {
    setText(element, what);
    return;
  }
  const { parts } = what;
  if (element.textContent === parts.join('')) return;
  element.replaceChildren(...parts.map(
    (text, at) => (at % 2 === 1 ? make('bdi', '', text) : text)));
}

/**
 * Makes a list show these items and no others. Elements stay with their item,
 * so that the one that has the focus keeps it.
 */
export function showList(list, items, { key, create, update }) {
  const names = new Set(items.map(key));
  // First, so that nothing that stays has to be moved: that would take its focus.
  for (const element of [...list.children]) {
    if (!names.has(element.dataset.key)) element.remove();
  }
  const known = new Map([...list.children].map((x) => [x.dataset.key, x]));
  items.forEach((item, at) => {
    const name = key(item);
    let element = known.get(name);
    if (!element) {
      element = create(item);
      element.dataset.key = name;
    }
    update(element, item);
    if (list.children[at] !== element) {
      list.insertBefore(element, list.children[at] ?? null);
    }
  });
}
