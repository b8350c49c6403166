// SPDX-License-Identifier: MIT
import { once } from 'node:events';
import net from 'node:net';

const HOST = '127.0.0.1';

// As tests/support/ports.py, which says why.
export const FIRST = 10000;
export const COUNT = 22000;
const REGISTER = '127.99.99.99';

/** A server, or null where another is. */
async function listening(host, port) {
  const server = net.createServer().listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return null;
  }
}

/** A port that nobody else is given until this process ends, so that a service
 * may be started there more than once. */
export async function freePort() {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const place = await listening(REGISTER, port);
    if (!place) continue;
    place.unref();
    const tried = await listening(HOST, port);
    if (!tried) continue;
    tried.close();
    await once(tried, 'close');
    return port;
  }
}
