// SPDX-License-Identifier: MIT

/** For how long a room remembers a publish's key, less a margin. */
export const KEY_LIFETIME_MS = 280000;

/** Names for publishes, which no other client of the same user makes. */
export function keyMaker(random) {
  const part = () => Math.floor(random() * 2 ** 48).toString(36);
  const prefix = `${part()}${part()}`;
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count}`;
  };
}
