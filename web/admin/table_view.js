// SPDX-License-Identifier: MIT
import { byId, make, setText, showList } from '../dom.js';
import { balanced } from '../names.js';

/** One page of a list, as a table. It has the rows of this page and no others. */
export class TableView {
  #frame = byId('table-frame');
  #head = byId('table-head');
  #body = byId('table-body');
  #empty = byId('empty');
  #columns = null;
  #kick;
  /** Of the row whose button was pressed last. */
  #kicked = 0;

  /** `kick(what)` is called by the buttons of the last column. */
  constructor(kick) {
    this.#kick = kick;
  }

  /** Rows that stay keep their elements, and with them focus and place. */
  show({ columns, key, empty }, rows) {
    if (columns !== this.#columns) this.#showHead(columns);
    const focused = document.activeElement;
    const at = [...this.#body.children].findIndex((x) => x.contains(focused));
    showList(this.#body, rows, {
      key,
      create: (row) => make('tr', '', ...columns.map(
        (column, place) => this.#cell(column, row, place))),
      update: (element, row) => columns.forEach((column, place) => {
        if (!column.text) return;
        const text = String(column.text(row) ?? '');
        setText(textOf(element.children[place]), balanced(text));
      }),
    });
    if (at >= 0 && !focused.isConnected) this.#focusNear(at, focused.tagName);
    this.#frame.hidden = rows.length === 0;
    this.#empty.hidden = rows.length > 0;
    setText(this.#empty, empty);
  }

  /** Nothing is known yet. */
  clear(text) {
    this.#columns = null;
    this.#head.replaceChildren();
    this.#body.replaceChildren();
    this.#frame.hidden = true;
    this.#empty.hidden = false;
    setText(this.#empty, text);
  }

  #showHead(columns) {
    this.#columns = columns;
    this.#body.replaceChildren();
    this.#head.replaceChildren(make('tr', '', ...columns.map((column) => {
      const cell = make('th', column.number ? 'number' : '', column.head
        ?? make('span', 'unseen', 'Actions'));
      cell.scope = 'col';
      return cell;
    })));
  }

  #cell(column, row, place) {
    if (column.kick) return make('td', 'act', this.#button(column.kick(row)));
    const cell = make(place === 0 ? 'th' : 'td', ['number', 'long', 'code']
      .filter((x) => column[x]).join(' '));
    if (place === 0) cell.scope = 'row';
    const text = make(column.link ? 'a' : 'span');
    if (column.link) text.href = column.link(row);
    text.dir = 'auto';
    cell.append(text);
    return cell;
  }

  #button(what) {
    const button = make('button', '', 'Disconnect');
    button.type = 'button';
    button.setAttribute('aria-label', `${what.label}`);
    button.addEventListener('click', () => {
      const rows = [...this.#body.children];
      this.#kicked = rows.findIndex((row) => row.contains(button));
      this.#kick(what);
    });
    return button;
  }

  /** After a question: where its row has gone meanwhile nothing has the focus. */
  refocus() {
    const focused = document.activeElement;
    const isSeen = focused !== document.body && focused.getClientRects().length > 0;
    if (!isSeen) this.#focusNear(Math.max(0, this.#kicked), 'BUTTON');
  }

  /** Where the row that had the focus is gone, to the one in its place. */
  #focusNear(at, tag) {
    const row = this.#body.children[Math.min(at, this.#body.children.length - 1)];
    const next = row?.querySelector(tag) ?? byId('view');
    next.focus({ preventScroll: true });
  }
}

function textOf(cell) {
  return cell.firstElementChild;
}
