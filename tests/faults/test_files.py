# SPDX-License-Identifier: MIT
"""Certificates and keys for other nodes and for etcd: what is wrong with a file is
said by its name before anything starts, and renewed ones are taken over while the
service runs."""

import signal
import socket
import ssl
import subprocess
from types import SimpleNamespace

import pytest
from cluster_support.certificates import Authority
from cluster_support.etcd import Etcd
from cluster_support.loopback import Loopback

from support.environment import DEADLINE, PARLOR
from support.service import TOKEN, Node, until
from support.talk import Member

LINKS = ("openssl.cafile", "openssl.certificate", "openssl.key")
ETCD = ("cluster.etcd-ca-file", "cluster.etcd-certificate-file",
        "cluster.etcd-key-file")


class Files:
    """Of one node of a cluster that speaks TLS to others and to etcd."""

    def __init__(self, folder):
        self.folder = folder
        self.authority = Authority(folder, "authority")
        certificate, key = self.authority.certificate()
        self.named = dict(zip(LINKS, (self.authority.file, certificate, key)))
        certificate, key = self.authority.certificate()
        self.named.update(zip(ETCD, (self.authority.file, certificate, key)))

    def run(self, *options, **changed):
        """What becomes of a start with these; --check-config where nothing is
        said."""
        named = {**self.named, **changed}
        return subprocess.run(
            [str(PARLOR), "--cluster.provider=etcd", "--cluster.node=a",
             "--cluster.host=127.0.0.1", "--server.port=0",
             "--cluster.etcd-endpoints=https://127.0.0.1:1",
             *(f"--{key}={path}" for key, path in named.items()),
             *(options or ("--check-config",))],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=DEADLINE)

    def refusal(self, key, path, *options):
        """What is said of that file, which is named; nothing else is wrong."""
        done = self.run(*options, **{key: str(path)})
        assert done.returncode == 2, done
        line, = done.stderr.splitlines()
        begin = f"parlor: {key} {path} "
        assert line.startswith(begin), line
        return line[len(begin):]


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def test_good_files_are_good(files):
    done = files.run()
    assert (done.returncode, done.stdout) == (0, "configuration ok\n"), done


@pytest.mark.parametrize("key", [*LINKS, *ETCD])
@pytest.mark.parametrize("options", [(), ("--log.format=json",)],
                         ids=["check", "start"])
def test_each_bad_file_is_named(files, key, options):
    path = files.folder / "bad.pem"
    assert files.refusal(key, path, *options) == "cannot be read"
    path.mkdir()
    assert files.refusal(key, path, *options) == "is not a file"
    path.rmdir()
    path.touch(0o600)
    kind = "private key" if "key" in key else "certificate"
    for content in ("", "no PEM\n"):
        path.write_text(content)
        assert files.refusal(key, path, *options) == f"holds no {kind} in PEM"
    with open(files.named[key], encoding="ascii") as good:
        whole = good.read()
    path.write_text(whole[:len(whole) // 2])
    assert files.refusal(key, path, *options).startswith(
        "cannot be understood: ")
    path.write_text(whole + "x" * (2 << 20))
    assert "is longer than" in files.refusal(key, path, *options)


@pytest.mark.parametrize("key", [LINKS[2], ETCD[2]])
def test_a_key_is_nobodys_business(files, key):
    path = files.folder / "open.key"
    with open(files.named[key], encoding="ascii") as good:
        path.write_text(good.read())
    path.chmod(0o644)
    assert "open to everyone" in files.refusal(key, path)
    path.chmod(0o640)
    assert files.run(**{key: str(path)}).returncode == 0


@pytest.mark.parametrize("key", [LINKS[2], ETCD[2]])
def test_a_passphrase_is_never_asked_for(files, key):
    """Not on the terminal either: this one has none."""
    locked = files.folder / "locked.key"
    subprocess.run(["openssl", "pkey", "-in", files.named[key], "-aes128",
                    "-passout", "pass:secret", "-out", str(locked)], check=True)
    locked.chmod(0o600)
    assert files.refusal(key, locked) == (
        "is encrypted: it is read without a passphrase")


@pytest.mark.parametrize("key", [LINKS[2], ETCD[2]])
def test_a_key_of_another_certificate_is_refused(files, key):
    _, other = files.authority.certificate()
    certificate = key.replace("key", "certificate")
    assert files.refusal(key, other) == f"is not the key of {certificate}"


@pytest.mark.parametrize("days, why", [((-9, -1), "expired"),
                                       ((1, 9), "not yet valid")])
def test_certificates_that_nobody_would_take_are_refused(files, days, why):
    certificate, key = files.authority.certificate(days=days)
    files.named[LINKS[2]] = key
    assert why in files.refusal(LINKS[1], certificate)
    files = Files(files.folder)
    files.named[ETCD[2]] = key
    assert "etcd would refuse it" in files.refusal(ETCD[1], certificate)


def test_a_certificate_of_another_authority_is_refused(files, tmp_path):
    certificate, key = Authority(tmp_path, "other").certificate()
    files.named[LINKS[2]] = key
    assert "nodes would refuse it" in files.refusal(LINKS[1], certificate)


def test_all_that_is_wrong_is_said_at_once(files):
    done = files.run(**dict.fromkeys([*LINKS, *ETCD], "/nowhere"))
    assert done.returncode == 2
    assert [line.split()[1] for line in done.stderr.splitlines()] == [
        *LINKS, *ETCD]


def test_files_without_a_use_are_refused(files):
    done = files.run("--cluster.etcd-endpoints=http://127.0.0.1:1",
                     "--check-config")
    assert done.returncode == 2
    assert "cluster.etcd-endpoints has none" in done.stderr
    done = subprocess.run([str(PARLOR), "--openssl.cafile=/ca",
                           "--check-config"], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 2
    assert "cluster.provider is missing" in done.stderr


# -- while it runs


def shown(node, authority):
    """The certificate that it shows another node."""
    context = ssl.create_default_context(cafile=authority.file)
    context.load_cert_chain(*authority.certificate())
    context.check_hostname = False
    at = (node.place.host, node.peer_port)
    with socket.create_connection(at, DEADLINE) as raw, context.wrap_socket(
            raw) as peer:
        return ssl.DER_cert_to_PEM_cert(peer.getpeercert(True))


def replace(paths, by):
    for path, other in zip(paths, by):
        with open(other, encoding="ascii") as source:
            content = source.read()
        with open(path, "w", encoding="ascii") as target:
            target.write(content)


def paths_of(node):
    return [x.split("=", 1)[1] for x in node._certified]


async def hang_up(node, event):
    """The next line of that event."""
    before = len(node.said(event))
    node.process.send_signal(signal.SIGHUP)
    await until(lambda: len(node.said(event)) > before)
    return node.said(event)[before:]


@pytest.mark.ttl(10)
async def test_renewed_certificates_are_for_new_links(cluster, tmp_path):
    a, b, c = cluster.nodes
    ann = Member([a], "ann", "room")
    await ann.say("before")
    ca, certificate, key = paths_of(c)
    old = shown(c, cluster.authority)
    replace((certificate, key), cluster.authority.certificate())
    line, = await hang_up(c, "configuration reloaded")
    assert line["changed"] == "openssl.certificate"
    new = shown(c, cluster.authority)
    assert new != old and new.strip() in open(certificate).read()
    assert not c.said("needs a restart")
    # Who was linked is, and who comes back is linked again.
    assert not any(node.said("link down") for node in cluster.nodes)
    a.kill()
    await cluster.see([b, c], 2)
    a.start()
    await cluster.whole()
    await ann.say("after")
    await ann.leave()


@pytest.mark.ttl(10)
async def test_an_authority_is_exchanged_node_by_node(cluster, tmp_path):
    """Both are trusted first, then certificates are of the new one, then the old
    one goes: nobody is ever out."""
    other = Authority(tmp_path, "other")
    both = tmp_path / "both.pem"
    both.write_text(open(cluster.authority.file).read()
                    + open(other.file).read())
    ca = paths_of(cluster.nodes[0])[0]
    steps = [lambda _: replace([ca], [both]),
             lambda node: replace(paths_of(node)[1:], other.certificate()),
             lambda _: replace([ca], [other.file])]
    for step in steps:
        for node in cluster.nodes:
            step(node)
            await hang_up(node, "configuration reloaded")
    assert not any(node.said("link down") for node in cluster.nodes)
    node = cluster.nodes[0]
    node.kill()
    await cluster.see(cluster.nodes[1:], 2)
    node.start()
    await cluster.whole()
    assert shown(node, other)


@pytest.mark.ttl(10)
async def test_bad_renewed_files_are_refused_by_name(cluster, tmp_path):
    c = cluster.nodes[2]
    ca, certificate, key = paths_of(c)
    old = shown(c, cluster.authority)
    for path, option in ((key, LINKS[2]), (certificate, LINKS[1])):
        with open(path, encoding="ascii") as file:
            content = file.read()
        with open(path, "w", encoding="ascii") as file:
            file.write("cut off")
        line, = await hang_up(c, "configuration refused")
        assert line["problem"].startswith(f"{option} {path} ")
        assert shown(c, cluster.authority) == old
        with open(path, "w", encoding="ascii") as file:
            file.write(content)
    assert not c.said("link down")


@pytest.fixture
def secure(tmp_path):
    """An etcd that asks for certificates of two authorities, and a node that it
    knows; the authorities and the file of both."""
    ours, other = Authority(tmp_path, "ours"), Authority(tmp_path, "other")
    both = tmp_path / "both.pem"
    both.write_text(open(ours.file).read() + open(other.file).read())
    # It shows its own to itself.
    certificate, key = other.certificate()
    etcd = Etcd(tmp_path, options=[
        "--cert-file", certificate, "--key-file", key,
        "--trusted-ca-file", str(both), "--client-cert-auth"])
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text(TOKEN)
    node = Node(SimpleNamespace(etcd=etcd, authority=ours, folder=tmp_path,
                                token_file=token, ttl=2), "a", Loopback)
    node.options = [f"--{key}={path}" for key, path in zip(
        ETCD, (other.file, *ours.certificate()))]
    node.start()
    yield etcd, node, other, both
    node.kill()
    etcd.stop()
    print(*node.log(), sep="\n")


async def test_renewed_certificates_are_shown_to_etcd(secure):
    etcd, node, other, trusted = secure
    await until(lambda: node.said("in the cluster"))
    paths = [x.split("=", 1)[1] for x in node.options[1:]]
    replace(paths, other.certificate())
    line, = await hang_up(node, "configuration reloaded")
    assert line["changed"] == "cluster.etcd-certificate-file"
    # From now on it believes the new authority alone.
    replace([trusted], [other.file])
    before = len(node.said("etcd fails")), len(node.said("etcd answers"))
    etcd.members[0].kill()
    await until(lambda: len(node.said("etcd fails")) > before[0])
    etcd.members[0].start()
    await until(lambda: len(node.said("etcd answers")) > before[1])
    assert not any("certificate" in x["problem"]
                   for x in node.said("etcd fails"))
    await until(lambda: node.get("/health/ready")[0] == 200)


async def test_certificates_that_end_are_warned_of(cluster):
    """The fixture's are good for a day."""
    for node in cluster.nodes:
        for option, path in zip(LINKS, paths_of(node)[:2]):
            line, = node.said("certificate ends soon", key=option)
            assert line["file"] == path and line["level"] == "warn"
        ends = "parlor_certificate_end_time_seconds"
        await until(lambda: node.counts(f'{ends}{{option="tls.certificate"}} 0'))
        page = node.get("/metrics")[1]
        for option in LINKS[:2]:
            assert f'{ends}{{option="{option}"}} 1' in page
