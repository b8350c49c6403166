// SPDX-License-Identifier: MIT
// Both pages in Chromium, where nginx serves the service below a path.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Parlor } from '../../clients/js/test/support/parlor.js';
import { crowd } from './support/crowd.js';
import {
  dialog, follow, refusedRequests, row, TOKEN, withToken,
} from './support/desk.js';
import { below } from './support/nginx.js';
import {
  blank, closeBrowser, guest, member, refusedConnections, said, say,
} from './support/pages.js';

test.after(closeBrowser);

/** What a page asks for, WebSockets too; it must all be below its service. */
function listen(page) {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('websocket', (socket) => asked.push(
    socket.url().replace(/^ws/, 'http')));
  return asked;
}

test('the chat page talks below a path', async (t) => {
  const parlor = await Parlor.start(t);
  const proxy = await below(t, parlor, '/some/chat/');
  const ann = await blank(t);
  const asked = listen(ann);
  await ann.goto(`${proxy.url}/`);
  await ann.getByLabel('Your name').fill('ann');
  await ann.getByLabel('Room', { exact: true }).fill('tea');
  await ann.getByRole('button', { name: 'Come in' }).click();
  await member(ann, 'ann').waitFor();
  const bob = await guest(t, parlor, 'bob');
  await say(bob, 'hello');
  await said(ann, 'hello').waitFor();
  await say(ann, 'hi');
  await said(bob, 'hi').waitFor();
  await ann.reload();
  await said(ann, 'hi').waitFor();
  assert.ok(asked.some((url) => url.endsWith('/ws/ann')), asked.join('\n'));
  assert.deepEqual(asked.filter((url) => !url.startsWith(`${proxy.url}/`)), []);
});

test('every name gets through', async (t) => {
  const parlor = await Parlor.start(t);
  const proxy = await below(t, parlor, '/some/chat/');
  for (const name of ['a/b', 'a//b', '..', 'ü %2F?#']) {
    const page = await guest(t, proxy, name);
    await say(page, `by ${name}`);
    await said(page, `by ${name}`).waitFor();
    assert.equal(await page.locator('#who').textContent(), name);
  }
});

for (const [what, fault, text] of [
  ['passes no WebSockets on', { upgrade: '""' }, /^The connection is lost\..*lets no Web/],
  ['knows no WebSockets', { sockets: 'return 404' }, /is not the service \(404\)\.$/],
]) {
  test(`a proxy that ${what} is suspected`, async (t) => {
    const parlor = await Parlor.start(t);
    const proxy = await below(t, parlor, '/some/chat/', fault);
    const page = await blank(t, {}, { allowed: refusedConnections });
    await page.goto(`${proxy.url}/`);
    await page.getByLabel('Your name').fill('ann');
    await page.getByRole('button', { name: 'Come in' }).click();
    await page.locator('#state-text').getByText(text).waitFor();
  });
}

for (const path of ['admin', 'admin/']) {
  test(`the operator's page works below a path, at ${path}`, async (t) => {
    const parlor = await withToken(t);
    const proxy = await below(t, parlor, '/some/chat/');
    await crowd(t, parlor, ['ann']);
    await guest(t, proxy, 'bob', 'tea');
    const page = await blank(t, {}, { allowed: refusedRequests });
    const asked = listen(page);
    await page.goto(`${proxy.url}/${path}`);
    assert.equal(page.url(), `${proxy.url}/admin/`);
    await page.getByLabel('Admin token').fill(TOKEN);
    await page.getByRole('button', { name: 'Come in' }).click();
    await row(page, 'ann').waitFor();
    await page.getByText('Ready', { exact: true }).waitFor();
    await page.locator('.figure').getByText('2 of 2').waitFor();
    for (const [list, text] of [
      ['Rooms', 'tea'], ['Users', 'bob'], ['Nodes', 'local']]) {
      await follow(page, list);
      await row(page, text).waitFor();
    }
    await follow(page, 'Users');
    await row(page, 'ann').getByRole('button').click();
    await dialog(page).getByRole('button', { name: 'Disconnect' }).click();
    await row(page, 'ann').waitFor({ state: 'detached' });
    assert.deepEqual(asked.filter((url) => !url.startsWith(`${proxy.url}/`)), []);
  });
}

test('where the slash is left out, the way to it is told', async (t) => {
  const parlor = await Parlor.start(t);
  for (const [path, to] of [['/admin', 'admin/'], ['/admin?x=1', 'admin/?x=1']]) {
    const answer = await fetch(parlor.url + path, { redirect: 'manual' });
    assert.equal(answer.status, 301);
    assert.equal(answer.headers.get('location'), to);
  }
});
