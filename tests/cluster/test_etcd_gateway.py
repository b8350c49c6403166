# SPDX-License-Identifier: MIT
"""An endpoint that is no good etcd: a node is not in by it, does not die of it,
and asks the next one."""

import socket
import threading

import pytest

from support.environment import DEADLINE
from support.fake_gateway import FakeGateway
from support.waiting import until

# Nothing in a test waits for its end.
LONG = int(10 * DEADLINE)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GRANTED = (b'{"header":{"revision":"5"},"ID":"7","TTL":"2"}')


def answers(body, head=HEAD):
    def behave(client, _):
        while client.recv(65536):
            client.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body)
                           + body)
    return behave


def sends(data):
    def behave(client, _):
        client.recv(65536)
        client.sendall(data)
    return behave


def endless(part, head=HEAD + b"Transfer-Encoding: chunked\r\n\r\n"):
    def behave(client, closing):
        client.recv(65536)
        client.sendall(head)
        while not closing.is_set():
            client.sendall(b"%x\r\n" % len(part) + part + b"\r\n")
    return behave


def silent(client, closing):
    closing.wait(DEADLINE)


def trickles(client, closing):
    client.recv(65536)
    for byte in HEAD * 100:
        client.sendall(bytes([byte]))
        if closing.wait(0.05):
            return


def grants_and(rest):
    """A lease, and then something else for the rest."""
    def behave(client, _):
        while data := client.recv(65536):
            body = GRANTED if b"/lease/grant" in data else rest
            client.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
                           + body)
    return behave


BAD = {
    "silent": silent,
    "trickles": trickles,
    "hangs-up": lambda client, _: None,
    "not-http": sends(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "zeros": sends(b"\0" * 100_000),
    "long-header": sends(HEAD + b"X: " + b"x" * 1_000_000),
    "cut-short": sends(HEAD + b"Content-Length: 1000\r\n\r\n{"),
    "giant-length": sends(HEAD + b"Content-Length: 99999999999999\r\n\r\n{"),
    "giant-body": endless(b"x" * 65536),
    "giant-json": endless(b"[" * 65536),
    "bad-chunks": sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
    "not-found": answers(b"Not Found", b"HTTP/1.1 404 Not Found\r\n"),
    "html": answers(b"<html>hello</html>"),
    "empty": answers(b""),
    "no-object": answers(b"[]"),
    "no-lease": answers(b'{"header":{"revision":"5"}}'),
    "error": answers(b'{"error":"x","message":"x","code":14}',
                     b"HTTP/1.1 503 Service Unavailable\r\n"),
    "redirect": sends(b"HTTP/1.1 302 Found\r\nLocation: http://x/\r\n"
                      b"Content-Length: 0\r\n\r\n"),
    "lease-only": grants_and(b"{}"),
    "lies": grants_and(b'{"header":{"revision":"9223372036854775807"},'
                       b'"succeeded":true}'),
}


@pytest.fixture
def fake():
    made = []

    def make(behave):
        made.append(FakeGateway(behave))
        return made[-1]

    yield make
    for one in made:
        one.close()


def counts(at, more=b"", rest=None):
    """Answers as a member that grants leases and makes no key, so that it is asked
    on and on; notes how often on each connection."""
    def behave(client, closing):
        at.append(0)
        which = len(at) - 1
        while data := client.recv(65536):
            at[which] += 1
            body = b'{"header":{"revision":"5"},"ID":"7","TTL":"600"}' \
                if b"/lease/grant" in data else b'{"header":{"revision":"5"}}'
            client.sendall(HEAD + more + b"Content-Length: %d\r\n\r\n"
                           % len(body) + body)
            if more:
                # Closed a little later than it was said.
                closing.wait(0.05)
                return
    return behave


def test_one_connection_is_asked_again(fake, start_node):
    asked = []
    gateway = fake(counts(asked))
    start_node("a", etcd=gateway.url, ttl=LONG)
    assert gateway.served.acquire(timeout=DEADLINE)
    until(lambda: sum(asked) > 5)
    assert len(asked) == 1


def test_a_connection_that_is_said_to_be_closed_is_not_asked(
        fake, start_node):
    asked = []
    gateway = fake(counts(asked, b"Connection: close\r\n"))
    node = start_node("a", etcd=gateway.url, ttl=LONG)
    until(lambda: len(asked) > 5)
    assert set(asked[:5]) == {1}
    assert not any(x.get("event") == "etcd fails" for x in node.log.all)


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_endpoint_lets_nobody_in(fake, start_node, kind):
    gateway = fake(BAD[kind])
    node = start_node("a", etcd=gateway.url)
    # It comes back again and again, or asks on.
    for _ in range(1 if kind == "lease-only" else 3):
        assert gateway.served.acquire(timeout=DEADLINE)
    assert node.process.poll() is None
    assert not node.events("view")


def passes_all_but(path, member):
    """Answers requests for this path as one that cannot, and hands the others on
    to a real one."""
    def behave(client, _):
        host, port = member.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as server:
            threading.Thread(target=copy, args=(server, client),
                             daemon=True).start()
            while data := client.recv(65536):
                if path in data:
                    client.sendall(b"HTTP/1.1 500 Internal Server Error\r\n"
                                   b"Content-Length: 0\r\n\r\n")
                    return
                server.sendall(data)
    return behave


def copy(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass


def test_a_lease_is_given_back_to_one_that_can_take_it(
        fake, etcd, start_node):
    gateway = fake(passes_all_but(b"/v3/lease/revoke", etcd.members[0]))
    a = start_node("a", etcd=[gateway.url, *etcd.urls], ttl=LONG)
    b = start_node("b", etcd=etcd.urls, ttl=LONG, address="127.0.0.1:5402")
    a.wait_for_members("a", "b")
    b.wait_for_members("a", "b")
    mark = b.mark()
    a.quit()
    b.wait_for_members("b", after=mark)


@pytest.mark.parametrize("kind", [
    "silent", "trickles", "hangs-up", "giant-body", "html", "error"])
def test_the_next_endpoint_is_asked(fake, etcd, start_node, kind):
    gateway = fake(BAD[kind])
    node = start_node("a", etcd=[gateway.url, *etcd.urls])
    node.wait_for_members("a")
    assert gateway.served.acquire(timeout=DEADLINE)


def test_a_port_that_nobody_listens_on_is_asked_again(start_node):
    node = start_node("a", etcd="http://127.0.0.1:1")
    node.log.wait_for(lambda x: x.get("event") == "etcd fails"
                      and "Connection refused" in x["problem"])


def test_a_name_that_nobody_knows_is_looked_up_again(start_node):
    node = start_node("a", etcd="http://nobody.invalid:1")
    node.log.wait_for(lambda x: x.get("event") == "etcd fails"
                      and "looking up the name" in x["problem"])
