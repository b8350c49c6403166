# SPDX-License-Identifier: MIT
"""TLS to etcd: each side shows a certificate, and looks at the other's."""

import contextlib
import queue
import ssl
import urllib.error

import pytest

from support.certificates import Authority, check_refuses, wrong_files
from support.environment import DEADLINE
from support.loopback import serve


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path, "authority")


@pytest.fixture
def secure(start_etcd, authority):
    """An etcd that wants certificates."""
    certificate, key = authority.certificate()
    return start_etcd(options=[
        "--cert-file", certificate, "--key-file", key,
        "--trusted-ca-file", authority.file, "--client-cert-auth"], wait=False)


def test_a_node_with_a_certificate_is_in(secure, authority, start_node):
    certificate, key = authority.certificate()
    node = start_node("a", etcd=secure.urls, etcd_ca=authority.file,
                      etcd_certificate=certificate, etcd_key=key)
    node.wait_for_members("a")
    with pytest.raises((OSError, urllib.error.URLError)):
        secure.members[0].call("/v3/lease/leases", {})


def test_a_node_without_a_certificate_is_not_in(
        secure, authority, start_node):
    certificate, key = authority.certificate()
    up = start_node("b", etcd=secure.urls, etcd_ca=authority.file,
                    etcd_certificate=certificate, etcd_key=key)
    up.wait_for_members("b")
    node = start_node("a", etcd=secure.urls, etcd_ca=authority.file)
    node.log.wait_for(lambda x: "certificate required" in x.get("problem", "")
                      or "bad certificate" in x.get("problem", ""))
    assert not node.events("view")


def test_an_etcd_of_another_authority_is_not_believed(
        secure, authority, start_node, tmp_path):
    other = Authority(tmp_path, "other")
    certificate, key = authority.certificate()
    node = start_node("a", etcd=secure.urls, etcd_ca=other.file,
                      etcd_certificate=certificate, etcd_key=key)
    node.log.wait_for(lambda x: "verify failed" in x.get("problem", ""))
    assert not node.events("view")


def test_an_etcd_of_another_name_is_not_believed(
        start_etcd, authority, start_node):
    certificate, key = authority.certificate("127.0.0.9")
    etcd = start_etcd(options=["--cert-file", certificate, "--key-file", key],
                      wait=False)
    node = start_node("a", etcd=etcd.urls, etcd_ca=authority.file)
    node.log.wait_for(lambda x: "verify failed" in x.get("problem", ""))
    assert not node.events("view")


def test_without_an_authority_the_systems_are_believed(
        start_etcd, authority, start_node, monkeypatch):
    certificate, key = authority.certificate()
    etcd = start_etcd(options=["--cert-file", certificate, "--key-file", key],
                      wait=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    start_node("a", etcd=etcd.urls).wait_for_members("a")


@pytest.mark.parametrize("bad", ["etcd_ca", "etcd_certificate", "etcd_key"])
def test_a_file_that_is_not_there_or_not_pem_is_named(
        authority, start_node, tmp_path, bad):
    certificate, key = authority.certificate()
    for wrong in wrong_files(tmp_path):
        files = {"etcd_ca": authority.file, "etcd_certificate": certificate,
                 "etcd_key": key, bad: wrong}
        check_refuses(start_node(
            "a", etcd="https://127.0.0.1:1", **files))


def test_a_key_of_another_certificate_is_refused(authority, start_node):
    certificate, _ = authority.certificate()
    _, key = authority.certificate()
    node = start_node("a", etcd="https://127.0.0.1:1", etcd_ca=authority.file,
                      etcd_certificate=certificate, etcd_key=key)
    assert node.process.wait(DEADLINE) == 2


@pytest.mark.parametrize("host, asked", [
    ("localhost", "localhost"), ("127.0.0.1", None)])
def test_a_server_is_told_which_name_is_wanted(
        authority, start_node, host, asked):
    """One with several names has a certificate for each."""
    names = queue.Queue()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.certificate())
    context.sni_callback = lambda _, name, __: names.put(name)

    def greet(client):
        with contextlib.suppress(OSError):
            context.wrap_socket(client, server_side=True).close()

    with contextlib.closing(serve(greet)) as server:
        start_node("a", etcd=f"https://{host}:{server.getsockname()[1]}",
                   etcd_ca=authority.file)
        assert names.get(timeout=DEADLINE) == asked
