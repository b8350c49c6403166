// SPDX-License-Identifier: MIT
// What needs a service with tokens.
import assert from 'node:assert/strict';
import test from 'node:test';

import { within } from '../support/parlor.js';
import { guarded, tokenFor } from '../support/tokens.js';
import { Visitor } from '../support/visitor.js';

/** Someone who makes tokens with this, and remembers why. */
function bearer(t, parlor, user, make) {
  const reasons = [];
  const visitor = new Visitor(t, parlor, user, {
    getToken: ({ reason }) => {
      reasons.push(reason);
      return make(reason);
    } });
  return { visitor, reasons };
}

test('the token says who one is', async (t) => {
  const parlor = await guarded(t);
  const { visitor } = bearer(t, parlor, undefined, () => tokenFor('ann', 600));
  await within(visitor.client.connect(), 'ann to be let in');
  assert.equal(visitor.client.user, 'ann');
  await visitor.client.join('tea');
});

test('a wrong token is told, and the client stays away', async (t) => {
  const parlor = await guarded(t);
  for (const wrong of [tokenFor('ann', 600, 'another key of the same length!!'),
    tokenFor('bob', 600), tokenFor('ann', -60)]) {
    const { visitor, reasons } = bearer(t, parlor, 'ann', () => wrong);
    const refusal = await within(visitor.client.connect(), 'a refusal')
      .catch((error) => error);
    assert.equal(refusal.code, 'closed');
    // Where another token might be good, others are asked for first.
    assert.equal(refusal.closeCode, reasons.length > 1 ? 4002 : 4001);
  }
});

test('where a token has expired another one is asked for', async (t) => {
  const parlor = await guarded(t);
  const { visitor, reasons } = bearer(t, parlor, 'ann',
    (reason) => tokenFor('ann', reason === 'expired' ? 600 : -60));
  await within(visitor.client.connect(), 'ann to be let in');
  assert.deepEqual(reasons, ['connect', 'expired']);
});

test('a token is renewed in place', async (t) => {
  const parlor = await guarded(t);
  const { visitor, reasons } = bearer(t, parlor, 'ann',
    (reason) => tokenFor('ann', reason === 'connect' ? 26 : 600));
  await within(visitor.client.connect(), 'ann to be let in');
  await within(visitor.client.join('tea'), 'ann to be in the room');
  await visitor.client.publish('tea', 'x');
  await within(new Promise((resolve) => {
    const look = () => (reasons.includes('expiring') ? resolve()
      : setTimeout(look, 50));
    look();
  }), 'the token to be renewed');
  await visitor.client.publish('tea', 'still here');
  assert.deepEqual(reasons, ['connect', 'expiring']);
  assert.equal(visitor.events.some(({ type }) => type === 'error'), false);
});

test('after a token has expired one comes back with another', async (t) => {
  const parlor = await guarded(t);
  let first = true;
  const { visitor, reasons } = bearer(t, parlor, 'ann', (reason) => {
    if (reason === 'expiring') return undefined;
    const token = tokenFor('ann', first ? 6 : 600);
    first = false;
    return token;
  });
  await within(visitor.client.connect(), 'ann to be let in');
  await within(visitor.client.join('tea'), 'ann to be in the room');
  const { code } = await visitor.heard(
    'state', ({ state }) => state === 'waiting');
  assert.equal(code, 4002);
  await visitor.heard('joined', ({ again }) => again);
  assert.equal(reasons.at(-1), 'expired');
});
