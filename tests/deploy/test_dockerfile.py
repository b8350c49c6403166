# SPDX-License-Identifier: MIT
"""The Dockerfile as a text: its grammar by npm's dockerfile-utils, and what it
has to say. test_image.py does what it says."""

import subprocess

import pytest

from support.dockerfile import ignored, parse


@pytest.fixture
def file(repository):
    return repository / "deploy/containers/Dockerfile"


def linted(npm, file):
    return subprocess.run([npm / ".bin/dockerfile-utils", "lint", file],
                          text=True, stdout=subprocess.PIPE)


def test_the_linter_has_nothing_to_say(npm, file):
    assert linted(npm, file).stdout.strip() == ""


@pytest.mark.parametrize("right, wrong, said", [
    ("EXPOSE 8080", "EXPSE 8080", "Unknown instruction"),
    ("STOPSIGNAL SIGTERM", "STOPSIGNAL TERMINATE", "Invalid signal"),
    ("COPY --from=build", "COPY --frm=build", "Unknown flag")])
def test_a_wrong_one_is_found_out(npm, file, tmp_path, right, wrong, said):
    text = file.read_text()
    assert right in text
    (tmp_path / "Dockerfile").write_text(text.replace(right, wrong))
    assert said in linted(npm, tmp_path / "Dockerfile").stdout


def test_the_image_is_as_the_documents_say(file):
    image = parse(file.read_text())[-1]
    assert image.of("USER") == ["10001:10001"]
    assert image.of("STOPSIGNAL") == ["SIGTERM"]
    assert image.of("ENV") == ["TMPDIR=/tmp"]
    assert image.of("ENTRYPOINT") == ['["/usr/bin/parlor"]']
    for absent in ("HEALTHCHECK", "VOLUME", "ADD", "WORKDIR"):
        assert not image.of(absent)
    # What follows the last step of root's is no step.
    words = [word for word, _ in image.steps]
    assert "RUN" not in words[words.index("USER"):]


def test_it_is_built_by_the_projects_own_lists(file):
    build = parse(file.read_text())[0]
    assert any("deploy/install-packages deploy/packages.txt" in step
               for step in build.of("RUN"))
    assert any("deploy/build OFF parlor" in step for step in build.of("RUN"))


def test_nothing_that_the_build_needs_is_ignored(repository, run):
    """All that git knows but for tests and what is about git."""
    files = run("git", "ls-files", cwd=repository).splitlines()
    left_out = {file for file in files if ignored(
        repository, type(repository)(file))}
    assert left_out == {file for file in files if file.startswith("tests/")}
    for folder in (".git", "build", "secrets"):
        assert ignored(repository, type(repository)(folder))
