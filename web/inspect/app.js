// SPDX-License-Identifier: MIT
import { byId, setSentence, setText } from '../dom.js';
import { Api, Refused } from '../admin/api.js';
import { Entry, keepToken, keptToken } from '../admin/entry.js';
import { ActorView } from './actor_view.js';
import { ActorsView } from './actors_view.js';
import { Live } from './live.js';
import { PictureView } from './picture_view.js';
import { placeOf, viewOf } from './places.js';

/** In milliseconds, until it is tried again to reach the service. */
const PAUSE = 2000;

const api = new Api();
api.token = keptToken();
const picture = new PictureView();
const actors = new ActorsView(() => look());
const actor = new ActorView();
const live = new Live({ hear, tell });
const entry = new Entry((token) => {
  api.token = token;
  begin();
});
let place = {};
let seesPicture = true;

/** Asks once by HTTP: that says whether the token is right, a socket does not. */
async function begin() {
  try {
    hear({ type: 'update', picture: await api.json('debug/overview') });
  } catch (problem) {
    if (problem instanceof Refused && problem.status === 401) {
      entry.open(api.token ? 'The service does not take this token.' : '');
      keepToken('');
      api.token = '';
      return;
    }
    byId('desk').hidden = false;
    tell('waiting', problem.message);
    setTimeout(begin, PAUSE);
    return;
  }
  keepToken(api.token);
  byId('forget').hidden = api.token === '';
  entry.close();
  open();
  live.start(api.token);
}

/** Shows what the address says. */
function open() {
  place = placeOf(window.location.hash);
  const isOne = place.actor !== undefined;
  byId('list').hidden = isOne;
  byId('filter').hidden = isOne;
  byId('actor').hidden = !isOne;
  byId('back').hidden = !isOne;
  setText(byId('view-problem'), '');
  setText(byId('view-about'), '');
  if (isOne) actor.open(place.actor);
  else actors.open(place);
  entitle(isOne ? `Actor ${place.actor}` : 'Actors');
  look();
}

function entitle(title) {
  setSentence(byId('view-title'), title);
  document.title = `${title} – Parlor inspector`;
}

/** Tells the service what is in view, and nothing where nobody looks. */
function look() {
  const looks = byId('live').checked && !document.hidden;
  live.show(looks ? viewOf(place, { ...actors.page, picture: seesPicture }) : {});
}

function hear(update) {
  const at = performance.now();
  if (update.type === 'error') setText(byId('view-problem'), update.message);
  if (update.picture) {
    const { node, version } = update.picture;
    picture.show(update.picture, at);
    actors.know(update.picture);
    setText(byId('system-about'),
      `Node ${node}, version ${version}, a debug build`);
  }
  if (update.list && place.actor === undefined) actors.show(update.list, at);
  if (update.actor) showActor(update.actor, at);
  setText(byId('updated'), `As of ${new Date().toLocaleTimeString()}`);
}

function showActor(update, at) {
  const name = actor.show(update, at);
  if (name === undefined) return;
  setText(byId('view-problem'), name === null ? 'There is no such actor: it has '
    + 'ended, or never was. What is shown may be old.' : '');
  if (name !== null) entitle(name);
}

function tell(state, why) {
  byId('state').dataset.state = state;
  byId('desk').classList.toggle('old', state === 'waiting');
  if (state === 'waiting') picture.clear();
  setText(byId('state-text'), state === 'waiting'
    ? `${why} Trying again every 2 s. What is shown may be old.` : 'Up to date.');
}

byId('live').addEventListener('change', look);
document.addEventListener('visibilitychange', look);
window.addEventListener('hashchange', () => {
  byId('live').checked = true; // Else there would be nothing to see.
  const wasSearching = document.activeElement?.closest?.('#filter');
  open();
  if (!wasSearching) byId('view').focus();
});
byId('forget').addEventListener('click', () => {
  keepToken('');
  window.location.reload();
});
byId('skip').addEventListener('click', (event) => {
  event.preventDefault(); // The fragment says what is shown.
  byId('view').focus();
});
new IntersectionObserver(([{ isIntersecting }]) => {
  seesPicture = isIntersecting;
  look();
}).observe(byId('system'));

begin();
