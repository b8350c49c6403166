// SPDX-License-Identifier: MIT

/** The time as the client sees it. Tests pass one that they move by hand. */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};
