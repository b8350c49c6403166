# SPDX-License-Identifier: MIT
"""The package: checked types, and what is installed by pip without a network."""

import pathlib
import shutil
import subprocess
import sys

import pytest

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
REPOSITORY = PACKAGE.parents[1]

USE = '''
from parlor_client import Client, Gap, Json, Message, Position, connect
from parlor_client.api import Api


async def token(reason: str) -> str:
    return reason


async def use(content: dict[str, list[int]]) -> Position:
    async with connect("http://a", user="ann", get_token=token) as client:
        async for message in client.room("tea"):
            seq: int = message.seq
            gap: Gap | None = message.gap
        room = client.room("tea", since=Position("e", seq))
        async for event in room.events():
            if isinstance(event, Message):
                print(event.sender.upper())
        print(gap, room.members.count + await client.send("bob", content))
        async for user in Api("http://a").users():
            print(user.user.upper(), user.connections + 1)
        return await room.publish(content)
'''

MISUSE = {
    'client.room("tea").publish(object())': "arg-type",
    'client.room(7)': "arg-type",
    'client.sent("bob", 1)': "attr-defined",
    'connect("http://a", usr="ann")': "call-arg",
    'connect("http://a", get_token=lambda reason: 7)': "return-value",
}


def run(*command, **options):
    done = subprocess.run(
        [str(x) for x in command], text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def mypy(tmp_path_factory):
    """Runs it; what one run has found of the standard library serves all."""
    cache = tmp_path_factory.mktemp("cache")

    def mypy(*arguments, **options):
        return run(sys.executable, "-B", "-m", "mypy", "--strict",
                   f"--cache-dir={cache}", *arguments, **options)
    return mypy


def test_types_are_strict(mypy):
    code, said = mypy(cwd=PACKAGE)
    assert code == 0, said


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An environment in which the package was installed, with Debian's
    websockets."""
    folder = tmp_path_factory.mktemp("installed")
    source = shutil.copytree(
        PACKAGE, folder / "source",
        ignore=shutil.ignore_patterns("tests", "build", "*.egg-info"))
    code, said = run(sys.executable, "-m", "venv", "--without-pip",
                     "--system-site-packages", folder / "venv")
    assert code == 0, said
    python = folder / "venv/bin/python"
    code, said = run(
        python, "-m", "pip", "install", "--no-index",
        "--no-build-isolation", "--no-cache-dir", source)
    assert code == 0, said
    return python


def test_pip_installs_it_without_a_network(installed, tmp_path):
    code, said = run(
        installed, "-c", "import parlor_client, parlor_client.api as a; "
        "print(parlor_client.__file__, a.Api.__name__)", cwd=tmp_path)
    assert code == 0, said
    assert str(installed.parents[1]) in said and "Api" in said


@pytest.fixture(scope="module")
def debian_package(tmp_path_factory):
    """The .deb, made as operators make it."""
    folder = tmp_path_factory.mktemp("deb")
    code, said = run(REPOSITORY / "deploy/python-client", folder)
    assert code == 0, said
    deb, = folder.iterdir()
    assert said.splitlines() == [str(deb)]
    return deb


def test_a_debian_package_is_made_without_a_network(
        debian_package, installed, tmp_path):
    code, said = run("dpkg-deb", "--field", debian_package)
    fields = dict(line.split(": ", 1) for line in said.splitlines()
                  if line[0] != " ")
    assert fields["Package"] == "python3-parlor-client"
    assert fields["Architecture"] == "all"
    assert fields["Depends"] == (
        "python3 (>= 3.10), python3-websockets (>= 10.4)")
    code, said = run(installed, "-m", "pip", "show", "parlor-client")
    assert f"Version: {fields['Version']}\n" in said
    code, said = run("dpkg-deb", "-x", debian_package, tmp_path)
    assert code == 0, said
    modules = tmp_path / "usr/lib/python3/dist-packages"
    theirs = {str(x.relative_to(modules / "parlor_client"))
              for x in (modules / "parlor_client").rglob("*") if x.is_file()}
    ours = {str(x.relative_to(PACKAGE / "parlor_client"))
            for x in (PACKAGE / "parlor_client").rglob("*")
            if x.suffix in (".py", ".typed")}
    assert theirs == ours
    # Nothing of this machine, and nothing but what a package may have.
    assert {str(x.relative_to(tmp_path)) for x in tmp_path.rglob("*")
            if len(x.relative_to(tmp_path).parts) == 3} == {
        "usr/lib/python3", "usr/share/doc"}
    code, said = run("grep", "-r", str(debian_package.parent), tmp_path)
    assert code == 1, said
    code, said = run(
        "/usr/bin/python3", "-B", "-c", "import parlor_client.api; "
        "print(parlor_client.__file__)", cwd=tmp_path,
        env={"PYTHONPATH": str(modules)})
    assert said.strip() == str(modules / "parlor_client/__init__.py")


def test_the_same_sources_make_the_same_debian_package(
        debian_package, tmp_path):
    code, said = run(REPOSITORY / "deploy/python-client", tmp_path)
    assert code == 0, said
    again, = tmp_path.iterdir()
    assert again.read_bytes() == debian_package.read_bytes()


def test_what_is_installed_has_its_types(installed, mypy, tmp_path):
    file = tmp_path / "use.py"
    file.write_text(USE)
    code, said = mypy("--python-executable", installed, file, cwd=tmp_path)
    assert code == 0, said


def test_misuse_is_found_by_types(installed, mypy, tmp_path):
    file = tmp_path / "misuse.py"
    lines = "\n".join(f"    {line}" for line in MISUSE)
    file.write_text("from parlor_client import Client, connect\n\n\n"
                    f"def misuse(client: Client) -> None:\n{lines}\n")
    code, said = mypy("--python-executable", installed, file, cwd=tmp_path)
    assert code == 1
    for line, (use, kind) in enumerate(MISUSE.items(), 5):
        assert any(x.startswith(f"misuse.py:{line}:") and f"[{kind}]" in x
                   for x in said.splitlines()), (use, said)
