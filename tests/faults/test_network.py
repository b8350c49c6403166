# SPDX-License-Identifier: MIT
"""What is lost in the network of the tests, and what is not."""

import os
import socket


def passes(network, here, there, patience=5):
    """Whether a packet gets from the one place to the other."""
    with network.datagrams(here) as one, network.datagrams(there) as other:
        other.settimeout(patience)
        # Twice: who is where is asked at first.
        for _ in range(2):
            one.sendto(b"x", other.getsockname())
        try:
            return other.recv(1) == b"x"
        except socket.timeout:
            return False


def is_lost(network, here, there):
    return not passes(network, here, there, 0.2)


def test_only_what_is_to_be_lost_is_lost(network):
    a, b, c = (network.places[x] for x in "abc")
    assert passes(network, a, b)
    network.lose((a, b))
    assert is_lost(network, a, b)
    assert passes(network, b, a)
    assert passes(network, a, c)
    network.cut([c], [a, b])
    assert all(is_lost(network, *way) for way in (
        (a, b), (a, c), (b, c), (c, a), (c, b)))
    assert passes(network, b, a)
    network.heal()
    assert all(passes(network, *way) for way in (
        (a, b), (a, c), (b, c), (b, a), (c, a), (c, b)))


def test_a_test_reaches_whom_others_do_not(network):
    a, b = network.places["a"], network.places["b"]
    network.cut([a], [b, network.places["c"], network.places["etcd"]])
    with network.at(a):
        server = socket.create_server((a.host, 5400))
    with server, socket.create_connection((a.host, 5400), 5) as client:
        client.sendall(b"x")
        assert server.accept()[0].recv(1) == b"x"


def test_nobody_shares_a_namespace(request):
    """With another place, the router or this machine; which the thread is back
    in once the network has ended."""
    before = os.stat("/proc/thread-self/ns/net").st_ino
    network = request.getfixturevalue("network")
    seen = {before, os.stat("/proc/thread-self/ns/net").st_ino}
    for place in network.places.values():
        with network.at(place):
            seen.add(os.stat("/proc/thread-self/ns/net").st_ino)
            assert [x for _, x in socket.if_nameindex()] == ["lo", "out"]
    assert len(seen) == 6
    network.end()
    assert os.stat("/proc/thread-self/ns/net").st_ino == before
