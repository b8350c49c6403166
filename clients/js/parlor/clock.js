// SPDX-License-Identifier: MIT

/**
 * The time as the client sees it: it never goes back, whatever is done to the
 * wall clock. Tests pass one that they move by hand.
 */
export const systemClock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};
