// SPDX-License-Identifier: MIT
import { byId } from './dom.js';
import { entryElement, follows } from './message_view.js';

/** The messages of the conversation that is open. */
export class LogView {
  #frame = byId('log-frame');
  #log = byId('log');
  #earlier = byId('earlier');
  #newest = byId('newest');
  #elements = new WeakMap();
  #entries = [];
  #pinned = true;
  /** What of a pixel the place of the eye is off by. */
  #rest = 0;

  /** `earlier()` asks for what was said before. */
  constructor({ earlier }) {
    this.#frame.addEventListener('scroll', () => this.#scrolled());
    this.#newest.addEventListener('click', () => {
      this.#toEnd();
      this.#focusLog();
    });
    this.#earlier.addEventListener('click', earlier);
    new ResizeObserver(() => this.settle()).observe(this.#frame);
  }

  /** How many entries are above what is seen; all of them may go at the end. */
  get unseen() {
    if (this.#pinned) return Infinity;
    const { top } = this.#frame.getBoundingClientRect();
    return this.#entries.findIndex(
      (entry) => this.#elements.get(entry).getBoundingClientRect().bottom > top);
  }

  /** Another conversation, or none. It is not read out. */
  show(conversation) {
    this.#silently(() => {
      this.#log.replaceChildren();
      this.#entries = [];
      this.#append(conversation?.entries ?? []);
      this.showHasEarlier(conversation);
    });
    this.#toEnd();
  }

  /** What was said before is put before; the eye stays where it is. */
  showEarlier(conversation) {
    this.#silently(() => this.#keepPlace(() => {
      const { entries } = conversation;
      const [first] = this.#entries;
      this.#entries = [];
      const known = first ? entries.indexOf(first) : entries.length;
      this.#append(entries.slice(0, known), first && this.#elements.get(first));
      this.#entries = [...entries];
      if (first) this.#join(first, entries[known - 1]);
      this.showHasEarlier(conversation);
    }));
  }

  /** The button for it; where it was the last, who has pressed it reads on. */
  showHasEarlier(conversation) {
    const hadFocus = document.activeElement === this.#earlier;
    this.#earlier.hidden = !conversation?.hasEarlier;
    if (hadFocus && this.#earlier.hidden) this.#focusLog();
  }

  /** `gone` had to go for it. */
  add(entry, gone) {
    if (gone.length > 0) this.#keepPlace(() => this.#remove(gone));
    const append = () => this.#append([entry]);
    if (entry.replayed) this.#silently(append);
    else append();
    if (this.#pinned || (entry.own && !entry.replayed)) this.#toEnd();
    else this.#newest.hidden = false;
  }

  /** What is below has grown, or the frame has another size. */
  settle() {
    if (this.#pinned) this.#toEnd();
  }

  /** The page is read out as it is then, not how it came to be. */
  #silently(change) {
    this.#frame.setAttribute('aria-live', 'off');
    change();
    requestAnimationFrame(() => this.#frame.setAttribute('aria-live', 'polite'));
  }

  /** Whatever comes or goes above: what is seen stays where it is seen. */
  #keepPlace(change) {
    const topOf = (element) => element.getBoundingClientRect().top;
    const start = topOf(this.#frame);
    const seen = [...this.#log.children].filter(
      (element) => element.getBoundingClientRect().bottom > start)
      .map((element) => ({ element, top: topOf(element) }));
    change();
    const stays = seen.find(({ element }) => element.isConnected);
    if (!stays) return;
    const wanted = this.#frame.scrollTop + this.#rest
      + topOf(stays.element) - stays.top;
    this.#frame.scrollTop = wanted;
    const rest = wanted - this.#frame.scrollTop;
    this.#rest = Math.abs(rest) < 1 ? rest : 0;
  }

  #remove(gone) {
    for (const entry of gone) this.#elements.get(entry)?.remove();
    this.#entries.splice(0, gone.length);
    // The block's head is gone.
    if (this.#entries.length > 0) this.#join(this.#entries[0], undefined);
  }

  #append(entries, before = null) {
    const elements = entries.map((entry) => {
      const element = entryElement(entry);
      this.#elements.set(entry, element);
      this.#join(entry, this.#entries.at(-1));
      this.#entries.push(entry);
      return element;
    });
    for (const element of elements) this.#log.insertBefore(element, before);
  }

  #join(entry, previous) {
    this.#elements.get(entry).classList.toggle('follows', follows(entry, previous));
  }

  #scrolled() {
    const left = this.#frame.scrollHeight - this.#frame.scrollTop
      - this.#frame.clientHeight;
    this.#pinned = left < 40;
    if (this.#pinned) this.#hideNewest();
  }

  #toEnd() {
    this.#frame.scrollTop = this.#frame.scrollHeight;
    this.#pinned = true;
    this.#hideNewest();
  }

  #hideNewest() {
    if (document.activeElement === this.#newest) this.#focusLog();
    this.#newest.hidden = true;
  }

  #focusLog() {
    this.#frame.focus({ preventScroll: true });
  }
}
