// SPDX-License-Identifier: MIT
import { setText } from './dom.js';
import { nameProblem } from './names.js';

/** A field for a name. A name that is too long is complained of as it is typed. */
export class NameField {
  #field;
  #complaint;

  /** `complaint` is the element that says what is wrong. */
  constructor(field, complaint) {
    this.#field = field;
    this.#complaint = complaint;
    field.addEventListener('input', () => this.complain(this.problem));
  }

  get value() {
    return this.#field.value.trim();
  }

  set value(text) {
    this.#field.value = text;
    this.complain('');
  }

  get problem() {
    return nameProblem(this.value);
  }

  /** Empty: there is nothing wrong any more. */
  complain(problem) {
    setText(this.#complaint, problem);
    if (problem) this.#field.setAttribute('aria-invalid', 'true');
    else this.#field.removeAttribute('aria-invalid');
  }

  /** Whether it has a name that can be; else it says why not. */
  check() {
    const { problem } = this;
    this.complain(problem);
    if (problem) this.focus();
    return problem === '';
  }

  focus() {
    this.#field.focus();
  }
}
