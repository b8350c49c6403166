# SPDX-License-Identifier: MIT
"""Ports that nobody listens on, and ports that somebody does."""

import socket
import threading


def free_ports(count, host="127.0.0.1"):
    held = [socket.create_server((host, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class Loopback:
    """Where processes are that share this machine's own network."""

    host = "127.0.0.1"
    # What comes before the command of a process that is to be there.
    inside = ()
    ports = staticmethod(free_ports)


def serve(handle):
    """Hands every connection to a new port to `handle`; closing what this
    answers ends it."""
    server = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            handle(client)

    threading.Thread(target=accept, daemon=True).start()
    return server
