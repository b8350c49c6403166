# SPDX-License-Identifier: MIT
"""Many clients at once that say hello and then read nothing."""

import socket
import struct

from .environment import DEADLINE
from .raw_client import upgrade_request
from .waiting import wait_until

# The least that the kernel grants.
RECEIVE_BUFFER = 2048

# Options of a service: nobody in a crowd answers a ping.
PATIENT = ("heartbeat.interval=5min", "heartbeat.timeout=10min")


class Crowd:
    """Members of a room, with small receive buffers: `with Crowd(...)`. What
    they are told is not looked at, so they cost the test next to nothing."""

    def __init__(self, server, room, size):
        self._server = server
        self._room = room
        self._size = size
        self.sockets = []

    def __enter__(self):
        # A hundred at once: the service answers while others ask.
        for start in range(0, self._size, 100):
            some = [self._ask(n)
                    for n in range(start, min(start + 100, self._size))]
            for peer in some:
                self._read_head(peer)
            self.sockets += some
        return self

    def __exit__(self, *_):
        self.close()

    def wait_until_in(self):
        """Until all are members: what is said from now on is for each."""
        wait_until(lambda: self._server.admin()["connections_per_room"].get(
            self._room), self._size)

    def close(self):
        """Breaks all connections off."""
        for peer in self.sockets:
            peer.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()

    def _ask(self, number):
        peer = socket.socket()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        peer.settimeout(DEADLINE)
        peer.connect(("127.0.0.1", self._server.port))
        if self._server.tls:
            peer = self._server.tls.wrap_socket(peer, server_hostname="127.0.0.1")
        peer.sendall(upgrade_request(
            f"/ws/slow-{number}?room={self._room}",
            Host=f"127.0.0.1:{self._server.port}").encode())
        return peer

    @staticmethod
    def _read_head(peer):
        got = b""
        while b"\r\n\r\n" not in got:
            data = peer.recv(1024)
            assert data, "closed before it was let in"
            got += data
        assert got.startswith(b"HTTP/1.1 101 "), got
