// SPDX-License-Identifier: MIT
// What a tab keeps while its page is loaded anew, as a value. What is read may
// be anything: another version wrote it, or somebody by hand. Pure.
import { nameProblem } from './names.js';

const MOST_ROOMS = 200;
const MOST_DRAFTS = 50;
const MOST_PENDING = 1000;
const MOST_PRIVATE = 50;

/** Of one private conversation, the last ones. */
const MOST_ENTRIES = 100;

/** All of it as JSON, in characters; browsers keep about five million. */
const MOST_JSON = 1000000;

/**
 * `{ user, rooms, current, drafts, pending, privates }` of what a tab has kept;
 * null where there is nobody. What is not right in it is left out.
 */
export function read(json) {
  let value;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const user = nameOf(value?.user);
  if (user === undefined) return null;
  return {
    user,
    rooms: listOf(value.rooms, MOST_ROOMS, nameOf),
    current: textOf(value.current) ?? '',
    drafts: listOf(value.drafts, MOST_DRAFTS, draftOf),
    pending: listOf(value.pending, MOST_PENDING, pendingOf),
    privates: listOf(value.privates, MOST_PRIVATE, privateOf),
  };
}

/** From the fullest to the barest: the first for which there is room is kept. */
export function* written(kept) {
  const { user, rooms, current } = kept;
  const bare = { user, rooms };
  const drafts = kept.drafts.slice(-MOST_DRAFTS);
  const pending = kept.pending.slice(-MOST_PENDING);
  for (const most of [MOST_ENTRIES, 20, 0]) {
    const privates = kept.privates.slice(-MOST_PRIVATE).map(
      (one) => ({ ...one, entries: most ? one.entries.slice(-most) : [] }));
    yield { ...bare, current, drafts, pending, privates };
  }
  yield { ...bare, current, drafts: [], pending, privates: [] };
  yield bare;
}

/** The JSON of one of these; undefined where it is too much. */
export function jsonOf(value) {
  const json = JSON.stringify(value);
  return json.length <= MOST_JSON ? json : undefined;
}

function listOf(value, most, check) {
  if (!Array.isArray(value)) return [];
  return value.slice(0, most).map(check).filter((x) => x !== undefined);
}

function textOf(value) {
  return typeof value === 'string' && value.length <= MOST_JSON
    ? value : undefined;
}

function nameOf(value) {
  const text = textOf(value);
  return text && nameProblem(text) === '' ? text : undefined;
}

function timeOf(value) {
  const time = new Date(typeof value === 'string' ? value : NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The name of one that is open, such as `room:tea`. */
function keyOf(value) {
  return /^(room|private):./su.test(textOf(value) ?? '') ? value : undefined;
}

function draftOf(value) {
  const key = keyOf(value?.key);
  const text = textOf(value?.text);
  return key && text ? { key, text } : undefined;
}

function pendingOf(value) {
  const conversation = keyOf(value?.conversation);
  const text = textOf(value?.text);
  const key = nameOf(value?.key);
  const time = timeOf(value?.time);
  if (!conversation || !text || !key || !time) return undefined;
  const code = nameOf(value.code);
  return {
    conversation, text, key, time, wasSent: value.wasSent !== false,
    failure: code ? { code, message: textOf(value.message) ?? code } : null,
  };
}

function privateOf(value) {
  const name = nameOf(value?.name);
  if (name === undefined) return undefined;
  const { unread } = value;
  return {
    name,
    unread: Number.isSafeInteger(unread) && unread > 0 ? unread : 0,
    entries: listOf(value.entries, MOST_ENTRIES, entryOf),
  };
}

function entryOf(value) {
  const sender = nameOf(value?.sender);
  const text = textOf(value?.text);
  const time = timeOf(value?.time);
  if (sender === undefined || text === undefined || !time) return undefined;
  return {
    kind: 'message', sender, text, time, own: value.own === true,
    origin: value.origin === 'api' ? 'api' : undefined,
  };
}
