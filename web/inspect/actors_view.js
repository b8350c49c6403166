// SPDX-License-Identifier: MIT
import { byId, make, setText } from '../dom.js';
import { PAGE_SIZE, Pager } from '../admin/pager.js';
import { TableView } from '../admin/table_view.js';
import * as words from '../admin/words.js';
import { nameOfThread } from './picture_view.js';
import { linkToActor, linkToList } from './places.js';
import { Rates, tookOf } from './rates.js';

const WAIT = 250;

/** A page of actors, and what narrows it. */
export class ActorsView {
  #table = new TableView(() => {});
  #handled = new Rates();
  #busy = new Rates();
  #pager = new Pager();
  #place = null;
  #go;
  #columns;

  /** `go()` is called when another page is wanted. */
  constructor(go) {
    this.#go = go;
    this.#columns = {
      key: ({ id }) => `${id}`,
      empty: 'No actor is like that.',
      columns: [
        { head: 'Actor',
          text: (x) => `${x.kind} ${x.id}`, link: (x) => linkToActor(x.id) },
        { head: 'Name', text: (x) => x.title },
        { head: 'Thread', text: (x) => nameOfThread(x.thread) },
        ...Object.entries({
          Mailbox: (x) => words.count(x.mailbox),
          Messages: (x) => words.count(x.handled),
          'A second': (x) => words.rate(this.#handled.of(x.id)),
          Time: (x) => tookOf(x.busy_us),
          'Of the time': (x) => words.percent(this.#busy.of(x.id)),
        }).map(([head, text]) => ({ head, text, number: true })),
      ],
    };
    byId('next').addEventListener('click', () => this.#turn('next'));
    byId('previous').addEventListener('click', () => this.#turn('previous'));
    byId('filter').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#narrow();
    });
    let timer = null;
    byId('filter-search').addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#narrow(), WAIT);
    });
    for (const id of ['filter-kind', 'filter-thread', 'filter-order']) {
      byId(id).addEventListener('change', () => this.#narrow());
    }
  }

  get page() {
    return { after: this.#pager.after, limit: PAGE_SIZE + 1 };
  }

  open(place) {
    this.#place = place;
    this.#pager = new Pager();
    this.#handled.clear();
    this.#busy.clear();
    byId('pager').hidden = true;
    if (document.activeElement !== byId('filter-search')) {
      byId('filter-search').value = place.search;
    }
    offer(byId('filter-kind'), choices([]), place.kind);
    offer(byId('filter-thread'), choices([]), `${place.thread ?? ''}`);
    byId('filter-order').value = place.order;
    this.#table.clear('Loading…');
  }

  /** What there is to choose from, as the picture shows it. */
  know({ threads }) {
    const kinds = threads.flatMap((one) => one.kinds.map(({ kind }) => kind));
    offer(byId('filter-kind'), choices([...new Set(kinds)].sort()));
    const numbers = threads.map(({ thread }) => thread);
    offer(byId('filter-thread'),
      choices(numbers.filter((x) => x !== null).map(String)));
  }

  show({ actors, total, complete, order }, at) {
    this.#handled.take(actors.map(({ id, handled }) => [id, handled]), at);
    this.#busy.take(actors.map(({ id, busy_us: us }) => [id, us / 1e6]), at);
    const rows = this.#pager.take(actors, ({ id }) => `${id}`);
    this.#table.show(this.#columns, rows);
    setText(byId('view-about'), `${words.count(total)} in all${
      complete ? '' : '; a thread does not answer'}`);
    const { hasNext, hasPrevious } = this.#pager;
    byId('pager').hidden = order !== 'id' || (!hasNext && !hasPrevious);
    setText(byId('page-number'), `Page ${this.#pager.number}`);
    byId('next').setAttribute('aria-disabled', String(!hasNext));
    byId('previous').setAttribute('aria-disabled', String(!hasPrevious));
  }

  #turn(way) {
    this.#pager[way]();
    this.#handled.clear();
    this.#busy.clear();
    byId('view').scrollIntoView();
    this.#go();
  }

  #narrow() {
    const thread = byId('filter-thread').value;
    const hash = linkToList({
      search: byId('filter-search').value.trim(),
      kind: byId('filter-kind').value,
      thread: thread === '' ? undefined : thread,
      order: byId('filter-order').value });
    if (hash !== linkToList(this.#place ?? {})) window.location.replace(hash);
  }
}

function choices(values) {
  return [['', 'Any'], ...values.map((value) => [value, value])];
}

/** Choices of a field; what is chosen stays, and is one of them. */
function offer(select, offered, chosen = select.value) {
  const all = offered.some(([value]) => value === chosen)
    ? offered : [...offered, [chosen, chosen]];
  const now = [...select.options].map(({ value }) => value);
  if (now.join('\n') !== all.map(([value]) => value).join('\n')) {
    select.replaceChildren(...all.map(([value, text]) => {
      const option = make('option', '', text);
      option.value = value;
      return option;
    }));
  }
  if (select.value !== chosen) select.value = chosen;
}
