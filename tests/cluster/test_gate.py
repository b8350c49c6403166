# SPDX-License-Identifier: MIT
"""Who may talk to a node: nobody without a certificate of its authority."""

import os
import random
import socket
import ssl

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from support.certificates import Authority, check_refuses, wrong_files
from support.environment import DEADLINE, SANITIZED
from test_links import authority, report, send, town, wait_until_heard

__all__ = ["authority", "town"]


def resident_kib(node):
    with open(f"/proc/{node.process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status
                    if line.startswith("VmRSS:"))


def descriptors(node):
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


def check_well(town, *names):
    """Links that were there are, and carry."""
    for name in names:
        node = town.nodes[name]
        assert not node.events("down"), name
        for peer in set(names) - {name}:
            before = report(town.nodes[peer], name)["heard"]
            assert send(node, peer, 100) == 100
            assert wait_until_heard(
                town.nodes[peer], name, before + 100)["in_order"]


def connect(node):
    return socket.create_connection(("127.0.0.1", node.port), DEADLINE)


def test_a_node_of_another_authority_is_refused(town, tmp_path):
    town.link("a", "b")
    stranger = town.start("c", Authority(tmp_path, "other"))
    town.show("a", "b", "c")
    # It dials, and is dialed by nobody.
    town.nodes["a"].log.wait_for(
        lambda x: x.get("event") == "a stranger is turned away")
    stranger.log.wait_for(
        lambda x: x.get("event") == "node not reached" and "TLS" in x["why"])
    assert not stranger.events("up")
    check_well(town, "a", "b")


def test_a_node_that_is_dialed_must_be_of_the_authority(town, tmp_path):
    town.start("a", Authority(tmp_path, "other"))
    b = town.start("b")
    town.show("a", "b")
    b.log.wait_for(
        lambda x: x.get("event") == "node not reached" and "TLS" in x["why"])
    assert not b.events("up")


def cannot_link(node, peer, why=""):
    """It says so, within seconds."""
    at = node.log.wait_for(
        lambda x: x.get("event") == "node cannot be linked"
        and x["node"] == peer and why in x["why"])
    return node.log.all[at]


@pytest.mark.parametrize("other", [
    lambda folder: {"authority": Authority(folder, "other")},
    lambda _: {"insecure": 1}], ids=["of-another-authority", "plain"])
def test_both_sides_say_why_a_node_cannot_be_linked(town, tmp_path, other):
    a, b = town.link("a", "b")
    c = town.start("c", **other(tmp_path))
    town.show("a", "b", "c")
    for node in (a, b):
        cannot_link(node, "c", "it does not connect")
        node.log.wait_for(lambda x: x.get("event") == "a stranger is turned away"
                          and x["level"] == "warn"
                          and x["from"] == "127.0.0.1")
        cannot_link(c, node.name, "TLS" if "insecure" not in other(tmp_path)
                    else "")
    check_well(town, "a", "b")


@pytest.mark.parametrize("certificate, why", [
    ({"days": (-9, -1)}, "client's: certificate has expired"),
    ({"days": (1, 9)}, "client's: certificate is not yet valid"),
    ({"usage": [ExtendedKeyUsageOID.SERVER_AUTH]}, "client's: "),
    ({"usage": [ExtendedKeyUsageOID.CLIENT_AUTH]}, "server's: ")],
    ids=["expired", "not-yet", "servers-only", "clients-only"])
def test_who_would_be_refused_by_all_does_not_start(
        authority, start_node, certificate, why):
    certificate, key = authority.certificate(**certificate)
    node = start_node("a", listen="127.0.0.1:0", ca=authority.file,
                      certificate=certificate, key=key)
    assert node.process.wait(DEADLINE) == 2
    node.log.join()
    assert certificate in str(node.log.all[-1])
    assert why in str(node.log.all[-1])


def test_a_certificate_of_another_authority_than_ones_own_is_refused(
        authority, start_node, tmp_path):
    certificate, key = Authority(tmp_path, "other").certificate()
    node = start_node("a", listen="127.0.0.1:0", ca=authority.file,
                      certificate=certificate, key=key)
    assert node.process.wait(DEADLINE) == 2


def test_a_client_without_a_certificate_is_refused(town, authority):
    a, _ = town.link("a", "b")
    context = ssl.create_default_context(cafile=authority.file)
    with connect(a) as raw, pytest.raises(OSError):
        with context.wrap_socket(raw, server_hostname="127.0.0.1") as client:
            client.sendall(b"x")
            assert not client.recv(1)
            raise ConnectionError("it was closed without a word")
    check_well(town, "a", "b")


def test_tls_1_2_is_refused(town, authority):
    a, _ = town.link("a", "b")
    context = ssl.create_default_context(cafile=authority.file)
    context.load_cert_chain(*authority.certificate())
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with connect(a) as raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw, server_hostname="127.0.0.1")
    check_well(town, "a", "b")


def test_a_plain_node_is_refused(town):
    town.link("a", "b")
    plain = town.start("c", insecure=1)
    town.show("a", "b", "c")
    plain.log.wait_for(lambda x: x.get("event") == "node not reached")
    assert not plain.events("up")
    check_well(town, "a", "b")


# What crashed a node of CAF 0.17.6 whose port was open: a header of BASP that
# is no handshake.
BASP = bytes([4, 0, 0, 0]) + b"\0" * 28


@pytest.mark.parametrize("data", [
    b"", b"\0", BASP, BASP[:20], b"\xFF" * 32, b"GET / HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\xFF\xFF" + b"\0" * 70000, b"\x16\x03\x01\x00\x05hello"],
    ids=["nothing", "a-byte", "basp", "half-basp", "ones", "http",
         "giant-record", "bad-hello"])
def test_garbage_is_harmless(town, data):
    a, b = town.link("a", "b")
    for node in (a, b):
        for _ in range(20):
            with connect(node) as stranger:
                try:
                    stranger.sendall(data)
                except OSError:
                    pass
    check_well(town, "a", "b")


def test_garbage_without_end_disturbs_no_link(town):
    a, _ = town.link("a", "b")
    noise = random.Random(7)
    for _ in range(3000):
        with connect(a) as stranger:
            try:
                stranger.sendall(noise.randbytes(300))
            except OSError:
                pass
    check_well(town, "a", "b")


def test_strangers_that_say_nothing_are_not_kept(town):
    a, b = town.link("a", "b")
    before, memory = descriptors(a), resident_kib(a)
    held = []
    for _ in range(10_000):
        held.append(connect(a))
        # The test has descriptors to lose too.
        if len(held) > 500:
            held.pop(0).close()
    # Who belongs here gets in meanwhile.
    town.start("c")
    town.show("a", "b", "c")
    town.wait_for_links("a", "b", "c")
    assert descriptors(a) < before + 300
    assert SANITIZED or resident_kib(a) < memory + 20_000
    check_well(town, "a", "b")
    for one in held:
        one.close()


def test_a_trusted_peer_that_talks_nonsense_is_harmless(town, authority):
    a, _ = town.link("a", "b")
    context = ssl.create_default_context(cafile=authority.file)
    context.load_cert_chain(*authority.certificate())
    noise = random.Random(8)
    for data in (b"", b"\xFF" * 32, BASP, noise.randbytes(1000),
                 b"GET / HTTP/1.1\r\n\r\n"):
        with connect(a) as raw, context.wrap_socket(
                raw, server_hostname="127.0.0.1") as client:
            client.sendall(data)
            client.settimeout(1)
            try:
                while client.recv(4096):
                    pass
            except OSError:
                pass
    check_well(town, "a", "b")


@pytest.mark.parametrize("options", [
    {}, {"insecure": 1, "at": "0.0.0.0:0"}, {"insecure": 1, "at": "[::1]:0"}],
    ids=["not-allowed", "not-loopback", "not-127"])
def test_without_certificates_a_node_does_not_start(start_node, options):
    options = dict(options)
    at = options.pop("at", "127.0.0.1:0").replace("[", "").replace("]", "")
    node = start_node("a", listen=at, **options)
    assert node.process.wait(DEADLINE) == 2
    node.log.join()
    assert "need certificates" in str(node.log.all[-1])


def test_without_certificates_the_loopback_may_be_allowed(town):
    for name in ("a", "b"):
        town.start(name, insecure=1)
    town.show("a", "b")
    town.wait_for_links("a", "b")
    check_well(town, "a", "b")


def test_without_certificates_nobody_else_is_dialed(town):
    b = town.start("b", insecure=1)
    b.say(f"view 9 a 1 192.0.2.1:5 b 2 127.0.0.1:{b.port}")
    b.log.wait_for(lambda x: x.get("event") == "node not reached"
                   and "only 127.0.0.0/8" in x["why"])


@pytest.mark.parametrize("bad", ["ca", "certificate", "key"])
def test_a_file_that_is_not_there_or_not_pem_is_named(
        authority, start_node, tmp_path, bad):
    certificate, key = authority.certificate()
    for wrong in wrong_files(tmp_path):
        files = {"ca": authority.file, "certificate": certificate, "key": key,
                 bad: wrong}
        check_refuses(start_node(
            "a", listen="127.0.0.1:0", **files))


def test_a_key_of_another_certificate_is_refused(authority, start_node):
    certificate, _ = authority.certificate()
    _, key = authority.certificate()
    node = start_node("a", listen="127.0.0.1:0", ca=authority.file,
                      certificate=certificate, key=key)
    assert node.process.wait(DEADLINE) == 2


def test_an_address_that_is_taken_is_named(town, authority, start_node):
    a = town.start("a")
    certificate, key = authority.certificate()
    node = start_node("b", listen=f"127.0.0.1:{a.port}", ca=authority.file,
                      certificate=certificate, key=key)
    assert node.process.wait(DEADLINE) == 2
    node.log.join()
    assert f"cannot listen on 127.0.0.1:{a.port}" in str(node.log.all[-1])
