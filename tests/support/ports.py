# SPDX-License-Identifier: MIT
"""Ports of 127.0.0.1, for processes that have to be told one before they
listen there. What the kernel gives to who asks for any is given again as soon
as it is closed, to the next who asks."""

import contextlib
import random
import socket

HOST = "127.0.0.1"

# Below those that the kernel gives.
RANGE = range(10000, 32000)

# Whoever has bound a port here may use it at HOST: all processes see it, and it
# is over with the one that has.
_REGISTER = "127.99.99.99"


def is_free(port):
    """Whether it could be listened on now."""
    try:
        socket.create_server((HOST, port)).close()
        return True
    except OSError:
        return False


def first_of(offsets):
    """A number behind which there is, at each of these distances, a port that
    nobody has; all of them belong to this process until it ends."""
    while True:
        first = random.choice(RANGE)
        with contextlib.ExitStack() as tried:
            bound = [tried.enter_context(socket.socket()) for _ in offsets]
            try:
                for place, x in zip(bound, offsets):
                    place.bind((_REGISTER, first + x))
            except OSError:
                continue
            if all(is_free(first + x) for x in offsets):
                for place in bound:
                    place.detach()  # stays open
                return first


def free_port():
    return first_of([0])


def free_ports(count):
    return [free_port() for _ in range(count)]
