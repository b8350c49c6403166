// SPDX-License-Identifier: MIT

/**
 * Calls back whenever the browser says that there is a network again. Returns
 * a function that ends it. Elsewhere nobody says so.
 */
export function onNetworkBack(callback) {
  const { addEventListener, removeEventListener } = globalThis;
  if (typeof addEventListener !== 'function') return () => {};
  addEventListener.call(globalThis, 'online', callback);
  return () => removeEventListener.call(globalThis, 'online', callback);
}
