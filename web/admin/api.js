// SPDX-License-Identifier: MIT
// What the page asks of the service.
import { at } from '../service.js';

/** In milliseconds; the service answers within half a second, if it turns. */
const PATIENCE = 10000;

/** The service has answered, but not with what was asked for. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** There was no answer, or not all of it. */
export class Unreachable extends Error {}

/** A word that can be in a header, as the service wants it. */
export function isToken(text) {
  return /^[\x21-\x7e]{16,4096}$/.test(text);
}

/** Requests with the admin token, where there is one. Paths begin without a slash. */
export class Api {
  token = '';

  async json(path, body) {
    const text = await this.#ask(body ? 'POST' : 'GET', path, body);
    try {
      return JSON.parse(text);
    } catch {
      throw new Refused(200, 'The answer is not of this service.');
    }
  }

  text(path) {
    return this.#ask('GET', path);
  }

  delete(path) {
    return this.#ask('DELETE', path);
  }

  async #ask(method, path, body) {
    const headers = {};
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (body) headers['Content-Type'] = 'application/json';
    let response;
    let text;
    try {
      response = await fetch(at(path), {
        method, headers, body: body && JSON.stringify(body),
        credentials: 'omit', redirect: 'error', cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE) });
      text = await response.text();
    } catch {
      throw new Unreachable('The service does not answer.');
    }
    if (!response.ok) throw new Refused(response.status, detailOf(response, text));
    return text;
  }
}

/** Of a problem (RFC 9457); of a proxy's page the status alone. */
function detailOf({ status }, text) {
  try {
    const { detail } = JSON.parse(text);
    if (typeof detail === 'string') return detail;
  } catch {
    // No problem of ours.
  }
  return `The answer was ${status}.`;
}
