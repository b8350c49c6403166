// SPDX-License-Identifier: MIT
import { ParlorError } from './errors.js';

const DIALECT = 'parlor.typed.v1';

/** Names that are the same on any way, however a proxy writes its paths. */
const PLAIN = /^(?!\.{1,2}$)[\w.~-]+$/;

/**
 * Where to connect: `base` is the service's URL, ws(s) or http(s), whose path
 * and query are kept. Proxies decode paths, and let queries be: a name that would
 * not survive that is in the query.
 */
export function endpointUrl(base, user) {
  const url = new URL(base);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw new TypeError(`not a ws or http URL: ${base}`);
  }
  const inPath = user !== undefined && PLAIN.test(user);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = inPath ? `${path}/ws/${user}` : `${path}/ws`;
  if (user !== undefined && !inPath) {
    const before = url.search ? `${url.search}&` : '?';
    url.search = `${before}user=${encodeURIComponent(user)}`;
  }
  url.hash = '';
  return url.href;
}

/** A browser can set no header, so a token travels among the subprotocols. */
export function subprotocols(token) {
  return token ? [DIALECT, `bearer.${token}`] : [DIALECT];
}

export function webSocketOf(given) {
  const found = given ?? globalThis.WebSocket;
  if (typeof found !== 'function') {
    throw new ParlorError(
      'no_websocket',
      'there is no global WebSocket here (Node has one from version 22 on): '
      + 'pass one as the option WebSocket, such as that of the package "ws"');
  }
  return found;
}
