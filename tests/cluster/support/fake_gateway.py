# SPDX-License-Identifier: MIT
"""Something on a port that is no etcd, or a mad one."""

import threading

from .loopback import serve


class FakeGateway:
    """Hands each connection to `behave(socket)`, which may take its time."""

    def __init__(self, behave):
        self._behave = behave
        self.served = threading.Semaphore(0)
        self._closing = threading.Event()
        self._server = serve(self._accept)
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def _accept(self, client):
        threading.Thread(
            target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            self.served.release()
            try:
                self._behave(client, self._closing)
            except OSError:
                pass

    def close(self):
        self._closing.set()
        self._server.close()
