# SPDX-License-Identifier: MIT
"""The documents of the options are what the binary says of itself."""

import importlib.machinery
import importlib.util
import subprocess

import pytest


@pytest.fixture
def generate(repository):
    loader = importlib.machinery.SourceFileLoader(
        "generate", str(repository / "docs/generate"))
    spec = importlib.util.spec_from_loader("generate", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_documents_have_the_options_as_they_are(generate, binary):
    for path, text in generate.pages(binary):
        assert path.read_text() == text, f"docs/generate {binary} writes {path}"


def test_no_option_is_forgotten(generate, binary):
    dump = subprocess.run([binary, "--dump-config"], text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    keys, section = [], None
    for line in dump.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line:
            keys.append((section, line.split(" = ")[0]))
    assert keys == [x[:2] for x in generate.options(binary)]


def test_the_manual_page_is_well_formed(repository, run):
    page = repository / "deploy/man/parlor.1"
    assert run("groff", "-man", "-ww", "-Tutf8", "-z", page) == ""
    assert "parlor - a realtime WebSocket rooms service" in run("lexgrog", page)


@pytest.mark.parametrize("typed, offered", [
    ("parlor --server.h", ["--server.host="]),
    ("parlor --check", ["--check-config"]),
    ("parlor --drain", ["--drain.notice=", "--drain.timeout=",
                       "--drain.rate="]),
    ("parlor --nothing", []),
])
def test_the_shell_completes_options(repository, binary, run, typed, offered):
    words = typed.split()
    script = f"""
      source {repository}/deploy/completions/parlor
      compopt() {{ :; }}
      COMP_WORDS=({binary} {words[1]}) COMP_CWORD=1
      _parlor {binary}
      printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    assert run("bash", "-c", script).split() == offered
