# SPDX-License-Identifier: MIT
"""The image, rehearsed: what the Dockerfile says is done in chroots, and what is
in the end there runs as an engine would run it. There is no engine here.

The package is that of this build, so the stage that builds it anew is left out,
but for PARLOR_TEST_IMAGE_BUILD=1: it takes some minutes, though this machine's
ccache is shared with it."""

import asyncio
import json
import os
import re
import subprocess
import urllib.error
import urllib.request

import pytest
import websockets
import yaml

from support.chroot import inside, needs_a_chroot
from support.container import Container, isolated
from support.dockerfile import Image, built, parse, share_ccache
from support.ini import without_cluster

pytestmark = needs_a_chroot

whole = bool(os.environ.get("PARLOR_TEST_IMAGE_BUILD"))


@pytest.fixture(scope="module")
def stages(repository):
    found = parse((repository / "deploy/containers/Dockerfile").read_text())
    assert [stage.name for stage in found] == ["build", "secrets", ""]
    return found


@pytest.fixture(scope="module")
def make(debian, repository, run, tmp_path_factory):
    """Does a stage; `others` are the folders that it copies from."""
    def make(stage, prepare=None, **others):
        return built(stage, tmp_path_factory.mktemp("stage") / "root", debian,
                     repository, run, others, prepare)
    return make


@pytest.fixture(scope="module")
def build_stage(stages, make, request, tmp_path_factory):
    """A folder with what the image takes from the first stage."""
    if whole:
        with make(stages[0], share_ccache) as image:
            yield image.root
        return
    folder = tmp_path_factory.mktemp("built")
    package = request.getfixturevalue("package")
    os.link(package, folder / "parlor.deb")
    yield folder


@pytest.fixture(scope="module")
def image(stages, make, build_stage):
    with make(stages[-1], build=build_stage) as image:
        yield image


@pytest.fixture(scope="module")
def secrets(stages, make):
    """What the secrets' stage leaves in its volumes."""
    with make(stages[1]) as image:
        for _ in range(2):  # The second time nothing is to be done.
            subprocess.run(inside(image.root, *image.entrypoint,
                                  *image.command), check=True)
        yield image.root / "secrets"


def answer(port, path, token=None):
    """(status, text)"""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as told:
            return told.status, told.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


async def talk_until_closed(container):
    """A client talks, and is there when the container is stopped: (what it
    heard in the end, the close code, the container's exit code)."""
    url = f"ws://127.0.0.1:{container.port}/ws/ann?room=tea"
    async with websockets.connect(url) as ann:
        await ann.send(json.dumps(
            {"type": "chat", "room": "tea", "content": "hello"}))
        heard = {}
        while heard.get("type") != "chat":
            heard = json.loads(await asyncio.wait_for(ann.recv(), 30))
        assert heard["content"] == "hello" and heard["sender"] == "ann"
        stopped = asyncio.create_task(asyncio.to_thread(container.stop))
        last = json.loads(await asyncio.wait_for(ann.recv(), 30))
        await asyncio.wait_for(ann.wait_closed(), 30)
        return last, ann.close_code, await stopped


ANYWHERE = ("--server.host=0.0.0.0", "--server.insecure", "--server.port=0")


def test_it_runs_without_privileges_on_a_read_only_root_and_drains(image):
    with Container(image, *ANYWHERE) as container:
        assert container.status["Uid"].split() == ["10001"] * 4
        assert container.status["Gid"].split() == ["10001"] * 4
        assert int(container.status["CapEff"], 16) == 0
        assert container.status["NoNewPrivs"] == "1"
        # The first process of its namespace has no default signal handlers.
        assert container.status["NSpid"].split()[-1] == "1"
        last, code, exit_code = asyncio.run(talk_until_closed(container))
    assert (last["type"], last["code"], code) == ("closing", 1012, 1012)
    assert exit_code == 0
    assert "stopped" in container.log[-1]


def test_the_rehearsed_root_is_read_only(image):
    """So that the test above means something."""
    for file in ("/new", "/tmp/new", "/etc/parlor/new"):
        done = subprocess.run(isolated(image, "touch", file),
                              capture_output=True, text=True)
        assert "Read-only file system" in done.stderr


def test_without_arguments_it_takes_the_installed_configuration(image):
    done = subprocess.run(isolated(image, *image.entrypoint, *image.command,
                                   "--check-config"),
                          capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_but_what_it_needs_is_in_it(image, run):
    installed = run(*inside(image.root, "dpkg-query", "-W", "-f",
                            "${Package}\n")).split()
    assert "parlor" in installed
    assert not [name for name in installed
                if re.fullmatch(r"gcc|g\+\+|make|cmake|.*-dev", name)]
    assert not (image.root / "parlor.deb").exists()


def test_it_is_a_node_of_the_compose_file(image, secrets, repository, binary):
    """With the same configuration and secrets, but for the cluster where the
    service cannot start with one."""
    folder = repository / "deploy/containers"
    place = image.root / "run/secrets/parlor"
    place.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", secrets / "parlor", place], check=True)
    for file in place.iterdir():
        told = file.stat()
        assert (told.st_uid, told.st_gid, told.st_mode & 0o777) == (
            10001, 10001, 0o440), file
    (image.root / "etc/parlor/parlor.ini").write_text(
        without_cluster((folder / "parlor.ini").read_text()))
    node = yaml.safe_load((folder / "compose.yaml").read_text())[
        "services"]["parlor-1"]
    arguments = [x for x in node["command"] if not x.startswith("--cluster.")]
    token = (secrets / "prometheus/admin-token").read_text().strip()
    with Container(image, *arguments, "--server.port=0") as container:
        check = [word.replace("$$", "$").replace("8080", str(container.port))
                 for word in node["healthcheck"]["test"]]
        assert check.pop(0) == "CMD"
        subprocess.run(inside(image.root, *check), check=True)
        assert answer(container.port, "/metrics")[0] == 401
        status, page = answer(container.port, "/metrics", token)
        assert status == 200 and "parlor_node_up" in page
        assert container.stop() == 0
    # Nobody answers there now.
    assert subprocess.run(inside(image.root, *check),
                          capture_output=True).returncode != 0


def test_what_prestop_runs_is_in_it(image, repository, run):
    stateful_set = yaml.safe_load(
        (repository / "deploy/kubernetes/statefulset.yaml").read_text())
    [container] = stateful_set["spec"]["template"]["spec"]["containers"]
    program, _ = container["lifecycle"]["preStop"]["exec"]["command"]
    run(*inside(image.root, program, "0"))


def test_the_nodes_certificate_is_the_authoritys(secrets, run):
    folder = secrets / "parlor"
    for purpose in ("sslserver", "sslclient"):
        assert "node.pem: OK" in run(
            "openssl", "verify", "-CAfile", folder / "ca.pem",
            "-purpose", purpose, folder / "node.pem")
    public = run("openssl", "x509", "-in", folder / "node.pem", "-noout",
                 "-pubkey")
    assert run("openssl", "pkey", "-in", folder / "node.key",
               "-pubout") == public
    assert not list(secrets.rglob("ca.key"))


def test_a_wrong_step_is_found_out(image, repository, run):
    """So that this can fail."""
    again = Image(image.root, repository, {}, run)
    with pytest.raises(FileNotFoundError):
        again.do("COPY", "deploy/nothing /x")
    with pytest.raises(AssertionError, match="tests/run"):
        again.do("COPY", "tests/run /x")  # .dockerignore
    with pytest.raises(AssertionError, match="not found"):
        again.do("RUN", "deploy/nothing")
    with pytest.raises(AttributeError):
        again.do("VOLUME", "/x")
