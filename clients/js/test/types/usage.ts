// SPDX-License-Identifier: MIT
import { Client, connect, ParlorError } from '../../parlor.js';
import type { Gap, Joined, Json, Message, Position } from '../../parlor.js';

const client = new Client('http://127.0.0.1:8080', {
  user: 'ann',
  getToken: async ({ reason }) => (reason === 'expired' ? 'new' : undefined),
  WebSocket: class {},
  maxQueued: 10,
  backoff: { base: 100 },
});

const off: () => void = client.on('message', (message) => {
  const text: string = `${message.sender}: ${message.content} ${message.seq}`;
  const replayed: boolean = message.replayed;
  const isOfApplication: boolean = message.origin === 'api';
  void [text, replayed, isOfApplication];
});
off();
client.on('gap', ({ from, to }: Gap) => void [from.seq, to.epoch]);
client.on('state', ({ state, retryInMs }) => {
  if (state === 'waiting') void (retryInMs! + 1);
});
client.on('user_left', ({ user, reason }) => void [user, reason === 'kicked']);

client.on('private', ({ from, origin }) => void [from, origin === 'api']);

const joined: Joined = await client.join('tea', { rewind: 20 });
const since: Position | null = client.position('tea');
if (since) await client.join('attic', { since, presence: true });
const { seq, epoch } = await client.publish('tea', { text: 'x', tags: [1] });
const messages: Message[] = await client.history('tea', { before: seq });
const { delivered } = await client.private('bob', 'psst');
const sent: boolean = client.signal('tea', 'typing');
try {
  await client.presence('tea', { mood: 'calm' });
} catch (error) {
  if (error instanceof ParlorError) void [error.code, error.retryAfterMs];
}
const other: Client = await connect(new URL('ws://a'));
void [joined.members?.length, epoch, messages, delivered, sent, other];

interface Order {
  readonly what: string;
  cups?: number;
  notes: { text: string | null }[];
}
const order: Order = { what: 'tea', notes: [{ text: null }] };
const json: Json = { a: [1, { b: null }] };
const anything: any = order;
await client.publish('tea', order);
await client.publish('tea', [order] as const);
await client.publish('tea', json, { key: 'k' });
await client.publish('tea', anything);
await client.publish('tea', new Date(0));
await client.publish('tea', Math.random() < 0.5 ? 'x' : null);
await client.private('bob', order);
await client.presence('tea', order);
client.signal('tea', 'order', order);
client.signal('tea', 'typing', { on: true });
await client.join('tea', { since: client.position('tea') });
const gone: boolean = await client.leave('tea');
const burst: number | undefined = client.connection?.limits.message_burst;
void [gone, burst];

interface Broken {
  when: () => void;
}
declare const broken: Broken;
declare const unknown: unknown;
// @ts-expect-error: a function is no JSON, wherever it is
client.publish('tea', broken);
// @ts-expect-error: nor is a bigint
client.publish('tea', { n: 1n });
// @ts-expect-error: nor is nothing
client.publish('tea', undefined);
// @ts-expect-error: nor is what may be nothing
client.publish('tea', order.cups);
// @ts-expect-error: nor is what may be anything
client.publish('tea', unknown);
// @ts-expect-error: no such event
client.on('massage', () => {});
// @ts-expect-error: a room has a name
client.join(1);
// @ts-expect-error: no such state
if (client.state === 'open') void 0;
// @ts-expect-error: it is read only
client.user = 'bob';
// @ts-expect-error: a function is no JSON
client.publish('tea', () => {});
// @ts-expect-error: `before` is a number
client.history('tea', { before: 'now' });
