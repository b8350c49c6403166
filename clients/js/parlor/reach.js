// SPDX-License-Identifier: MIT
import { ParlorError } from './errors.js';

/**
 * Why no WebSocket comes about, which a platform does not tell: what plain HTTP
 * says of the same endpoint, as an error of code `unreachable`. Of another
 * origin a browser shows nothing, so that there is no `status` then.
 */
export async function whyUnreachable({ fetch, url, clock, limitMs }) {
  const status = await statusOf({
    fetch, url: url.replace(/^ws/, 'http'), clock, limitMs });
  const details = { retryable: true, url };
  if (status) details.status = status;
  return new ParlorError('unreachable', sentenceOf(status, url), details);
}

function sentenceOf(status, url) {
  if (!status) return `no WebSocket comes about at ${url}`;
  // What the service says to whoever asks for no WebSocket.
  if (status === 426) {
    return `a service is at ${url}, but no WebSocket comes about: does a proxy `
      + 'pass upgrades on, and does the service know the origin of this page?';
  }
  return `${status} at ${url}: is it the service's, and does a proxy pass the `
    + 'path on as it is?';
}

/** Undefined where it is not to be known. */
async function statusOf({ fetch, url, clock, limitMs }) {
  if (typeof fetch !== 'function') return undefined;
  const aborter = new AbortController();
  const timer = clock.setTimeout(() => aborter.abort(), limitMs);
  try {
    const { status } = await fetch(url, {
      mode: 'no-cors', credentials: 'omit', cache: 'no-store',
      redirect: 'manual', signal: aborter.signal });
    return status || undefined;
  } catch {
    return undefined;
  } finally {
    clock.clearTimeout(timer);
  }
}
