// SPDX-License-Identifier: MIT
import { byId, setSentence, setText } from '../dom.js';
import { NameField } from '../name_field.js';
import { Refused } from './api.js';
import { linkTo, listAt } from './lists.js';
import { PAGE_SIZE, Pager } from './pager.js';
import { TableView } from './table_view.js';

/** The list that the fragment of the address names, page by page. */
export class ListView {
  #api;
  #go;
  #table;
  #list;
  #pager;
  #name = new NameField(byId('find-name'), byId('find-problem'));

  /** `go()` asks for a refresh, `kick(what)` asks whether, and does it. */
  constructor(api, { go, kick }) {
    this.#api = api;
    this.#go = go;
    this.#table = new TableView(kick);
    byId('next').addEventListener('click', () => this.#turn('next'));
    byId('previous').addEventListener('click', () => this.#turn('previous'));
    byId('kick-all').addEventListener('click', () => kick(this.#list.kickAll));
    byId('find').addEventListener('submit', (event) => {
      event.preventDefault();
      const name = this.#name.value;
      if (name && this.#name.check()) location.hash = linkTo(this.#list.find.kind, name);
    });
    window.addEventListener('hashchange', () => {
      this.#open();
      byId('view').focus();
      this.#go();
    });
    this.#open();
  }

  /** Throws what the service answers, but for an object that is not there. */
  async refresh() {
    const list = this.#list;
    const { after } = this.#pager;
    const isShown = () => list === this.#list && after === this.#pager.after;
    try {
      const { rows, about } = await list.load(
        this.#api, { after, limit: PAGE_SIZE + 1 });
      if (isShown()) this.#show(rows, about);
    } catch (error) {
      if (!isShown()) return;
      const isGone = error instanceof Refused && error.status === 404;
      if (isGone) this.#show([], '');
      else setText(byId('view-problem'), error.message);
      if (!isGone) throw error;
    }
  }

  /** After a question, where nothing has the focus. */
  refocus() {
    this.#table.refocus();
  }

  /** Forgets what is shown: who sees the page has no right to it any more. */
  clear() {
    this.#open();
  }

  #open() {
    const list = listAt(location.hash);
    this.#list = list;
    this.#pager = new Pager();
    document.title = `${list.title} – Parlor operator`;
    setSentence(byId('view-title'), list.title);
    setText(byId('view-about'), '');
    setText(byId('view-problem'), '');
    setText(byId('outcome'), '');
    byId('find').hidden = !list.find;
    this.#name.value = '';
    setText(byId('find-label'), list.find?.label ?? '');
    byId('find-name').placeholder = list.find?.label ?? '';
    byId('kick-all').hidden = true;
    byId('pager').hidden = true;
    for (const link of document.querySelectorAll('.tabs a')) {
      if (link.hash === `#/${list.tab}`) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    this.#table.clear('Loading…');
  }

  #show(rows, about = '') {
    const list = this.#list;
    const pager = this.#pager;
    const empty = pager.hasPrevious ? 'Nothing is left on this page.' : list.empty;
    this.#table.show({ ...list, empty }, pager.take(rows, list.key));
    setText(byId('view-about'), about);
    setText(byId('view-problem'), '');
    this.#showKickAll(list.kickAll && rows.length > 0);
    byId('pager').hidden = !pager.hasNext && !pager.hasPrevious;
    setText(byId('page-number'), `Page ${pager.number}`);
    // Disabled and not hidden, so that the focus is not lost.
    byId('next').setAttribute('aria-disabled', String(!pager.hasNext));
    byId('previous').setAttribute('aria-disabled', String(!pager.hasPrevious));
  }

  /** Where it goes, who has pressed it is at the list. */
  #showKickAll(isShown) {
    const button = byId('kick-all');
    const hadFocus = document.activeElement === button;
    button.hidden = !isShown;
    if (hadFocus && !isShown) byId('view').focus({ preventScroll: true });
  }

  #turn(way) {
    this.#pager[way]();
    byId('view').scrollIntoView();
    this.#go();
  }
}
