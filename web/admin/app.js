// SPDX-License-Identifier: MIT
import { byId, setText } from '../dom.js';
import { Api, Refused } from './api.js';
import { confirmed } from './confirm.js';
import { Entry, keepToken, keptToken } from './entry.js';
import { Glance } from './glance.js';
import { ListView } from './list_view.js';
import { Refresher } from './refresher.js';

const api = new Api();
api.token = keptToken();
const glance = new Glance(api);
const list = new ListView(api, { go: () => refresher.now(), kick });
const refresher = new Refresher(refresh, byId('auto'));
const entry = new Entry((token) => {
  api.token = token;
  refresher.now();
});

/** Asks for everything that is in view, and shows it or what stands against it. */
async function refresh() {
  const { token } = api;
  if (entry.isOpen && token === '') return;
  const [seen, listed] = await Promise.allSettled([
    glance.refresh(), list.refresh()]);
  if (token !== api.token) return; // Another one was given meanwhile.
  const problem = seen.reason ?? listed.reason;
  if (problem instanceof Refused && problem.status === 401) {
    turnAway(token);
    return;
  }
  keepToken(token);
  if (entry.isOpen || byId('desk').hidden) enter();
  byId('forget').hidden = token === '';
  showState(seen.reason);
}

function turnAway(token) {
  api.token = '';
  keepToken('');
  list.clear();
  entry.open(token ? 'The service does not take this token.' : '');
}

function enter() {
  const wasAsked = entry.isOpen;
  entry.close();
  if (wasAsked) byId('view').focus();
}

/** Where nothing is known, what was known stays, and it is said that it is old. */
function showState(problem) {
  byId('state').dataset.state = problem ? 'waiting' : 'online';
  byId('desk').classList.toggle('old', Boolean(problem));
  const again = byId('auto').checked ? ' Trying again every 5 s.' : '';
  setText(byId('state-text'), problem
    ? `${problem.message}${again} What is shown may be old.` : 'Up to date.');
  if (!problem) {
    setText(byId('updated'), `As of ${new Date().toLocaleTimeString()}`);
  }
}

async function kick(what) {
  const isSure = await confirmed(what);
  list.refocus();
  if (!isSure) return;
  let outcome = `${what.label}: done.`;
  try {
    await what.run(api);
  } catch (error) {
    outcome = error instanceof Refused && error.status === 404
      ? `${what.label}: gone already.` : `${what.label}: ${error.message}`;
  }
  setText(byId('outcome'), outcome);
  await refresher.now();
}

byId('refresh').addEventListener('click', () => refresher.now());
byId('forget').addEventListener('click', () => {
  keepToken('');
  location.reload(); // Nothing of what was shown stays.
});
byId('skip').addEventListener('click', (event) => {
  event.preventDefault(); // The fragment says which list is shown.
  byId('view').focus();
});

refresher.now();
