# SPDX-License-Identifier: MIT
"""A TCP proxy that can cut its connections and refuse new ones."""

import socket
import threading
import time

from .environment import DEADLINE
from .loopback import serve


class Proxy:
    def __init__(self, target, delay=0):
        """What the target sends is held for so many seconds."""
        self._target = target
        self._delay = delay
        self._open = True
        # Connections that came while it was cut.
        self.refused = 0
        self._sockets = set()
        self._lock = threading.Lock()
        self._server = serve(self._accept)
        self.port = self._server.getsockname()[1]

    def _accept(self, client):
        with self._lock:
            if not self._open:
                self.refused += 1
                client.close()
                return
            try:
                server = socket.create_connection(self._target, DEADLINE)
            except OSError:
                client.close()
                return
            server.settimeout(None)
            self._sockets |= {client, server}
        for way in ((client, server, 0), (server, client, self._delay)):
            threading.Thread(
                target=self._copy, args=way, daemon=True).start()

    @staticmethod
    def _copy(source, sink, delay):
        try:
            while data := source.recv(65536):
                time.sleep(delay)
                sink.sendall(data)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        """Ends every connection, and those that come, until `mend`."""
        with self._lock:
            self._open = False
            for one in self._sockets:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self._sockets.clear()

    def mend(self):
        with self._lock:
            self._open = True

    def close(self):
        self.cut()
        self._server.close()
