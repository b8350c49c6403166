# SPDX-License-Identifier: MIT
"""The Debian package where systemd runs: installed, upgraded and removed by the
real dpkg, started by the real systemd."""

import shutil

import pytest

from support.chroot import copied, inside, needs_a_chroot
from support.machine import Machine

pytestmark = needs_a_chroot

INI = "/etc/parlor/parlor.ini"

# Listens where the service wants to.
TAKER = ("use IO::Socket::INET; my $x = IO::Socket::INET->new("
         "LocalAddr => '127.0.0.1:8080', Listen => 1, ReuseAddr => 1) or die;"
         "sleep 1000")


def repacked(package, version, folder, run):
    """The same as another version."""
    run("dpkg-deb", "--raw-extract", package, folder / "raw")
    control = folder / "raw/DEBIAN/control"
    old = run("dpkg-deb", "--field", package, "Version").strip()
    text = control.read_text()
    assert f"\nVersion: {old}\n" in text
    control.write_text(text.replace(f"\nVersion: {old}\n",
                                    f"\nVersion: {version}\n"))
    run("dpkg-deb", "--build", "--root-owner-group", folder / "raw",
        folder / "newer.deb")
    return folder / "newer.deb"


@pytest.fixture(scope="module")
def machine(debian, package, run, tmp_path_factory):
    """With both versions, and all that they need."""
    folder = tmp_path_factory.mktemp("machine")
    with copied(debian, folder / "root") as root:
        # It need not outlast this machine.
        (root / "etc/dpkg/dpkg.cfg.d/fast").write_text("force-unsafe-io\n")
        shutil.copy(package, root / "parlor.deb")
        shutil.copy(repacked(package, "99", folder, run), root / "newer.deb")
        apt = inside(root, "apt-get", "-q", "-o", "Acquire::Retries=3")
        run(*apt, "update")
        run(*apt, "-y", "install", "--no-install-recommends", "systemd",
            "systemd-sysv", "dbus", "/parlor.deb")
        run(*inside(root, "dpkg", "--purge", "parlor"))
        try:
            booted = Machine(root)
        except OSError as problem:
            pytest.skip(f"no Debian can be booted here: {problem}")
        yield booted
        booted.end()


@pytest.fixture
def installed(machine):
    """Installed, as by an operator for the first time."""
    machine.must("dpkg", "--install", "/parlor.deb")
    yield machine
    machine.do("systemctl", "stop", "taker")
    machine.must("dpkg", "--purge", "parlor")


def state(machine):
    return (machine.says("systemctl", "is-enabled", "parlor"),
            machine.says("systemctl", "is-active", "parlor"))


def take_the_port(machine):
    machine.must("systemd-run", "--unit=taker", "--property=Type=exec", "perl",
                 "-e", TAKER)
    machine.until(lambda: ":1F90 " in machine.must("cat", "/proc/net/tcp"))


def check_warned(machine, said):
    """dpkg is done with it, and whoever reads what it said knows what to do."""
    assert machine.must("dpkg-query", "--show", "--showformat=${Status}",
                        "parlor") == "install ok installed"
    assert machine.must("dpkg", "--audit") == ""
    for line in ("parlor is installed, but the service does not run",
                 "journalctl -u parlor", f"--config-file={INI} --check-config",
                 "systemctl restart parlor"):
        assert line in said, said


def test_it_runs_from_the_beginning(installed):
    assert state(installed) == ("enabled", "active")
    assert installed.unit("parlor")["StatusText"] == "Listening on port 8080"


def test_removed_and_installed_again_it_runs(installed):
    """Its configuration stays, by which dpkg takes it for an upgrade."""
    installed.must("apt-get", "-y", "remove", "parlor")
    assert state(installed)[1] == "inactive"
    assert "parlor" not in installed.must(
        "ls", "/etc/systemd/system/multi-user.target.wants")
    installed.must("apt-get", "-y", "install", "/parlor.deb")
    assert state(installed) == ("enabled", "active")


def test_an_upgrade_restarts_it(installed):
    before = installed.unit("parlor")["MainPID"]
    installed.must("apt-get", "-y", "install", "/newer.deb")
    assert state(installed) == ("enabled", "active")
    assert installed.unit("parlor")["MainPID"] != before


def test_an_upgrade_starts_nothing_that_was_stopped(installed):
    installed.must("systemctl", "disable", "--now", "parlor")
    installed.must("dpkg", "--install", "/newer.deb")
    assert state(installed) == ("disabled", "inactive")


def test_what_is_masked_can_be_removed_and_installed(installed):
    installed.must("systemctl", "mask", "--now", "parlor")
    installed.must("dpkg", "--remove", "parlor")
    said = installed.must("dpkg", "--install", "/parlor.deb")
    installed.must("systemctl", "unmask", "parlor")
    check_warned(installed, said)


def test_a_port_that_is_taken_is_waited_for(machine):
    """Longer than systemd's five starts in ten seconds."""
    take_the_port(machine)
    try:
        check_warned(machine, machine.must("dpkg", "--install", "/parlor.deb"))
        assert machine.says("systemctl", "is-enabled", "parlor") == "enabled"
        machine.until(
            lambda: int(machine.unit("parlor")["NRestarts"]) >= 6)
        assert machine.says("systemctl", "is-failed", "parlor") == "activating"
        assert "cannot listen" in machine.must("journalctl", "-u", "parlor")
        machine.must("systemctl", "stop", "taker")
        machine.until(lambda: state(machine) == ("enabled", "active"))
    finally:
        machine.do("systemctl", "stop", "taker")
        machine.must("dpkg", "--purge", "parlor")


def test_a_configuration_that_a_new_version_refuses(installed):
    with open(installed.root / INI[1:], "a") as file:
        file.write("\n[limits]\nthat-is-gone = 3\n")
    said = installed.must("dpkg", "--install", "/newer.deb")
    check_warned(installed, said)
    # It is not tried again and again.
    unit = installed.unit("parlor")
    assert (unit["ActiveState"], unit["NRestarts"], unit["ExecMainStatus"]) == (
        "failed", "0", "2")
    # What it said to do.
    code, problem = installed.do("parlor", f"--config-file={INI}",
                                 "--check-config")
    assert code == 2 and "that-is-gone" in problem
    installed.must("sed", "-i", "/that-is-gone/d", INI)
    installed.must("systemctl", "restart", "parlor")
    assert state(installed) == ("enabled", "active")
