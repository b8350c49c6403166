// SPDX-License-Identifier: MIT
// What of a chat is kept, and how it comes back. Pure but for the entries' keys.
import { pendingEntry } from './sender.js';

/** One that failed, or was waiting, as it is kept. */
function pendingKept(conversation, { text, key, time, wasSent, failure }) {
  return {
    conversation, text, key, time, wasSent,
    ...failure && { code: failure.code, message: failure.message },
  };
}

/** Of a chat and of what is being written. */
export function keptOf(chat, drafts) {
  const all = [...chat.conversations.values()];
  return {
    user: chat.user,
    rooms: chat.list('room').map(({ name }) => name),
    current: chat.current?.key ?? '',
    drafts: drafts.map(([key, text]) => ({ key, text })),
    pending: all.flatMap((one) => one.pending.map(
      (entry) => pendingKept(one.key, entry))),
    privates: chat.list('private').map(({ name, unread, entries }) => ({
      name, unread,
      entries: entries.filter(({ kind }) => kind === 'message').map(
        ({ sender, text, time, own, origin }) => ({
          sender, text, time, own, origin })),
    })),
  };
}

/**
 * What waited in a conversation. Of one that may have been sent nobody knows
 * whether it was heard: who wrote it decides.
 */
export function pendingOf(kept, conversation) {
  return kept.pending.filter((x) => x.conversation === conversation).map(
    (entry) => pendingEntry({
      ...entry,
      failure: entry.failure ?? (entry.wasSent
        ? { code: 'reloaded', message: 'loaded anew' } : null),
    }));
}
