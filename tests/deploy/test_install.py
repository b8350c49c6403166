# SPDX-License-Identifier: MIT
"""What cmake --install puts where, and what systemd thinks of the unit."""

import os
import re

import pytest

CMAKE = os.environ.get("CMAKE", "cmake")


@pytest.fixture(scope="module")
def root(build, run, tmp_path_factory):
    """Everything installed, in a folder that plays the root."""
    folder = tmp_path_factory.mktemp("root")
    run(CMAKE, "--install", build, env={**os.environ, "DESTDIR": folder})
    return folder


def test_everything_is_in_its_place(root, run):
    usr = root / "usr"
    assert run(usr / "bin/parlor", "--version").startswith("parlor ")
    for file in ("lib/systemd/system/parlor.service",
                 "share/man/man1/parlor.1",
                 "share/bash-completion/completions/parlor",
                 "share/doc/parlor/README.md",
                 "share/doc/parlor/docs/configuration.md",
                 "share/doc/parlor/deploy/prometheus/alerts.yml",
                 "share/doc/parlor/deploy/grafana/parlor.json"):
        assert (usr / file).is_file(), file


def test_the_installed_configuration_is_taken(root, run):
    run(root / "usr/bin/parlor", "--check-config",
        f"--config-file={root}/etc/parlor/parlor.ini")


def unit_at(root, folder):
    """The unit with the binary of this installation."""
    text = (root / "usr/lib/systemd/system/parlor.service").read_text()
    assert "ExecStart=/usr/bin/parlor --config-file=/etc/parlor/" in text
    unit = folder / "parlor.service"
    unit.write_text(text.replace("/usr/bin/", f"{root}/usr/bin/"))
    return unit


def test_systemd_finds_no_fault_in_the_unit(root, run, tmp_path):
    said = run("systemd-analyze", "verify", "--man=no",
               unit_at(root, tmp_path))
    assert "parlor.service:" not in said, said


def test_systemd_finds_the_unit_well_guarded(root, run, tmp_path):
    said = run("systemd-analyze", "security", "--offline=true",
               unit_at(root, tmp_path))
    score = re.search(r"Overall exposure level for .*: ([\d.]+)", said)
    assert float(score[1]) < 2, said


def test_a_wrong_unit_is_found_out(root, run, tmp_path):
    """So that the tests above can fail."""
    unit = unit_at(root, tmp_path)
    unit.write_text(unit.read_text().replace("ProtectHome=yes",
                                             "ProtectHome=perhaps"))
    with pytest.raises(AssertionError, match="perhaps"):
        assert "parlor.service:" not in run(
            "systemd-analyze", "verify", "--man=no", unit)


def test_the_unit_waits_longer_than_a_drain(repository):
    unit = (repository / "deploy/systemd/parlor.service.in").read_text()
    ini = (repository / "deploy/parlor.ini").read_text()
    patience = int(re.search(r"TimeoutStopSec=(\d+)s", unit)[1])
    drain = int(re.search(r"\[drain\][^\[]*?\ntimeout = (\d+)s", ini)[1])
    assert patience > drain
