# SPDX-License-Identifier: MIT
"""Processes on this machine's own network."""

import socket
import threading

from ports import HOST, free_ports


class Loopback:
    """A place as `Etcd` and others ask for: with a host and ports."""

    host = HOST
    # What comes before the command of a process that is to be there.
    inside = ()
    ports = staticmethod(free_ports)


def serve(handle):
    """Hands every connection to a new port to `handle`; closing what this
    answers ends it."""
    server = socket.create_server((HOST, 0))

    def accept():
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            handle(client)

    threading.Thread(target=accept, daemon=True).start()
    return server
