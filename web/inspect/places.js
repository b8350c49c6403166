// SPDX-License-Identifier: MIT
// What the fragment of the address says: which actors are shown. Pure.

const ORDERS = ['id', 'mailbox', 'busy', 'handled'];

/** A number that the service can take, or undefined. */
function numberOf(text) {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined;
}

/**
 * `#/actor/17` is one actor, `#/?kind=room&thread=0&search=tea&order=busy` a
 * list; whatever else there is is the list of all.
 */
export function placeOf(hash) {
  const [path, query = ''] = hash.replace(/^#/, '').split('?', 2);
  const one = numberOf(/^\/actor\/(.+)$/.exec(path)?.[1]);
  if (one) return { actor: one };
  const params = new URLSearchParams(query);
  const order = params.get('order');
  return {
    kind: params.get('kind') ?? '',
    search: params.get('search') ?? '',
    thread: numberOf(params.get('thread')),
    order: ORDERS.includes(order) ? order : 'id',
  };
}

export function linkToActor(id) {
  return `#/actor/${id}`;
}

/** The shortest fragment that says it. */
export function linkToList({ kind, search, thread, order } = {}) {
  const params = new URLSearchParams();
  if (search) params.set('search', search);
  if (kind) params.set('kind', kind);
  if (thread !== undefined) params.set('thread', thread);
  if (order && order !== 'id') params.set('order', order);
  const query = params.toString();
  return query ? `#/?${query}` : '#/';
}

/** What the service is to send; `limit` and `after` are those of the page. */
export function viewOf(place, { after, limit, picture }) {
  const view = {};
  if (picture) view.picture = true;
  if (place.actor) return { ...view, actor: place.actor };
  const { kind, search, thread, order } = place;
  const list = { limit };
  if (kind) list.kind = kind;
  if (search) list.search = search;
  if (thread !== undefined) list.thread = thread;
  if (order !== 'id') list.order = order;
  if (after && order === 'id') list.after = Number(after);
  return { ...view, list };
}
