// SPDX-License-Identifier: MIT
import net from 'node:net';

import { atEnd } from '../../../clients/js/test/support/at_end.js';

/** A way to the service that can be cut, as a network is. */
export class Proxy {
  #sockets = new Set();
  #server;
  #open = true;
  #silent = false;
  #lacks = '';

  static async before(t, parlor) {
    const proxy = new Proxy();
    proxy.#server = net.createServer((near) => proxy.#join(near, parlor.port));
    await new Promise((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    atEnd(t, () => {
      proxy.cut();
      proxy.#server.close();
    });
    return proxy;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Everything that goes through it breaks, and nothing new gets through. */
  cut() {
    this.#open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend() {
    this.#open = true;
    this.#silent = false;
    this.#lacks = '';
  }

  /** A page can be loaded, as from a cache, but gets no WebSocket. */
  mendForPages() {
    this.mend();
    this.#lacks = 'GET /ws';
  }

  /** What the service answers gets lost; what it is told does not. */
  silence() {
    this.#silent = true;
  }

  #join(near, port) {
    if (!this.#open) {
      near.destroy();
      return;
    }
    const far = net.connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', (bytes) => {
      if (this.#lacks && bytes.includes(this.#lacks)) near.destroy();
      else far.write(bytes);
    });
    near.on('end', () => far.end());
    far.on('data', (bytes) => {
      if (!this.#silent) near.write(bytes);
    });
    far.on('end', () => near.end());
  }
}
