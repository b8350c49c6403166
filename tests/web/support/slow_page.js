// SPDX-License-Identifier: MIT

/**
 * Runs in a page before its scripts: whatever it hears (a new address, answers
 * of HTTP, WebSockets, the next frame) it hears so many milliseconds later, in
 * the same order. A test that looks too early then fails on a fast machine.
 */
export function slowDown(delay) {
  const { fetch, requestAnimationFrame, setTimeout: later } = window;
  let isLate = false;
  window.addEventListener('hashchange', (event) => {
    if (isLate) return;
    event.stopImmediatePropagation();
    later(() => {
      isLate = true;
      window.dispatchEvent(new HashChangeEvent('hashchange'));
      isLate = false;
    }, delay);
  }, true);
  window.fetch = async (...request) => {
    const response = await fetch(...request);
    await new Promise((resolve) => {
      later(resolve, delay);
    });
    return response;
  };
  window.requestAnimationFrame = (draw) => requestAnimationFrame(
    () => later(() => draw(performance.now()), delay));
  for (const name of ['onmessage', 'onclose']) {
    const { get, set } = Object.getOwnPropertyDescriptor(
      WebSocket.prototype, name);
    Object.defineProperty(WebSocket.prototype, name, {
      get,
      set(handle) {
        set.call(this, (event) => later(() => handle.call(this, event), delay));
      },
    });
  }
}
