// SPDX-License-Identifier: MIT
// The lists that there are: what each asks for, and its columns. A column has a
// head, the text of a cell, and what it is beside: a link, a number, a kick.
import { isolated, sentence } from '../names.js';
import { plural } from '../words.js';
import { pageOf } from './pager.js';
import * as words from './words.js';

const byId = ({ id }) => id;
const byUser = ({ user_id: user }) => user;
const byName = (name) => name;

const USER = {
  head: 'User', text: byUser, link: (row) => linkTo('users', byUser(row)) };

const CONNECTION_KICK = { kick: (row) => kickOfConnection(row) };

const CONNECTION = [
  { head: 'Rooms', text: ({ rooms }) => roomsText(rooms) },
  { head: 'Connected for', number: true,
    text: ({ connected_at: at }) => words.duration(Date.now() / 1000 - at) },
  { head: 'Round trip', number: true,
    text: ({ rtt_ms: ms }) => words.milliseconds(ms) },
  { head: 'Waiting', number: true,
    text: ({ outbox_bytes: size }) => words.bytes(size) },
  { head: 'Address', text: ({ ip }) => ip },
  { head: 'Client', text: ({ client }) => client, long: true },
  { head: 'Node', text: ({ node }) => node },
  { head: 'Connection', text: byId, code: true },
];

const CONNECTIONS = {
  title: 'Connections',
  empty: 'Nobody is connected.',
  key: byId,
  columns: [USER, ...CONNECTION, CONNECTION_KICK],
  load: async (api, { after, limit }) => {
    const { connections, total } = await api.json(
      `admin/connections?detail=1&${page(after, limit)}`);
    return { rows: connections, about: `${words.count(total)} in all` };
  },
};

const ROOMS = {
  title: 'Rooms',
  empty: 'Nobody is in any room.',
  find: { label: 'Name of a room', kind: 'rooms' },
  key: ({ room }) => room,
  columns: [
    { head: 'Room', text: ({ room }) => room,
      link: ({ room }) => linkTo('rooms', room) },
    { head: 'Users', number: true, text: ({ users }) => words.count(users) },
    { head: 'Connections', number: true,
      text: ({ connections }) => words.count(connections) },
  ],
  load: async (api, { after, limit }) => ({
    rows: (await api.json(`admin/rooms?${page(after, limit)}`)).rooms }),
};

const USERS = {
  title: 'Users',
  empty: 'Nobody is online.',
  find: { label: 'Name of a user', kind: 'users' },
  key: byUser,
  columns: [
    USER,
    { head: 'Connections', number: true,
      text: ({ connections }) => words.count(connections) },
    { kick: (row) => kickOfUser(byUser(row)) },
  ],
  load: async (api, { after, limit }) => ({
    rows: (await api.json(`admin/users?${page(after, limit)}`)).users }),
};

const NODES = {
  title: 'Nodes',
  empty: 'No node is known.',
  key: byId,
  columns: [
    { head: 'Node', text: byId },
    { head: 'Status', text: ({ status }) => (status === 'incomplete'
      ? 'incomplete: a part did not answer within 500 ms' : status) },
    { head: 'Connections', number: true,
      text: ({ connections }) => words.count(connections) },
  ],
  load: async (api, { after, limit }) => {
    const { nodes } = await api.json('admin/connections');
    return { rows: pageOf(nodes, after, limit, byId) };
  },
};

/** Who is in a room. The service tells all of them at once. */
function room(name) {
  return {
    title: sentence`Room ${name}`,
    tab: 'rooms',
    empty: 'Nobody is in this room now.',
    key: byName,
    columns: [
      { head: 'User', text: byName, link: (user) => linkTo('users', user) },
      { kick: kickOfUser },
    ],
    load: async (api, { after, limit }) => {
      const { users, connections, seq, epoch } = await api.json(
        `admin/rooms/${encodeURIComponent(name)}`);
      return {
        rows: pageOf(users, after, limit, byName),
        about: `${plural(users.length, 'user')}, ${
          plural(connections, 'connection')}; at ${seq} of epoch ${epoch}` };
    },
  };
}

function user(name) {
  return {
    title: sentence`User ${name}`,
    tab: 'users',
    empty: 'This user is not online.',
    key: byId,
    columns: [...CONNECTION, CONNECTION_KICK],
    kickAll: kickOfUser(name),
    load: async (api, { after, limit }) => {
      const { connections } = await api.json(
        `admin/users/${encodeURIComponent(name)}`);
      return {
        rows: pageOf(connections, after, limit, byId),
        about: plural(connections.length, 'connection') };
    },
  };
}

/** The list that a fragment such as `#/rooms/tea` names; else the connections. */
export function listAt(fragment) {
  const [, kind, name] = /^#\/(\w+)(?:\/(.*))?$/.exec(fragment) ?? [];
  const one = { rooms: room, users: user }[kind];
  if (name && one) return one(decoded(name));
  const all = { rooms: ROOMS, users: USERS, nodes: NODES }[kind];
  return { tab: all ? kind : 'connections', ...all ?? CONNECTIONS };
}

export function linkTo(kind, name) {
  return `#/${kind}/${encodeURIComponent(name)}`;
}

function kickOfConnection({ id, user_id: name }) {
  return {
    label: sentence`Disconnect connection ${id} of ${name}`,
    title: 'Disconnect this connection?',
    text: sentence`Connection ${id} of ${name} is closed with 4004. Others of the same user stay.`,
    run: (api) => api.delete(`admin/connections/${id}`),
  };
}

/** By the name in a body: `.` and `..` cannot be in a browser's path. */
function kickOfUser(name) {
  return {
    label: sentence`Disconnect ${name}`,
    title: 'Disconnect this user?',
    text: sentence`All connections of ${name} are closed with 4004.`,
    run: (api) => api.json('api/v1/disconnect', { user: name }),
  };
}

function page(after, limit) {
  return new URLSearchParams({ limit, after });
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The first of them: a client may be in more than a hundred. */
function roomsText(rooms) {
  const shown = rooms.slice(0, 3).map(isolated).join(', ');
  return rooms.length > 3 ? `${shown} and ${rooms.length - 3} more` : shown;
}
