# SPDX-License-Identifier: MIT
"""deploy/containers/compose.yaml, as Debian's docker-compose understands it, and
whether it fits what it starts. No engine runs it here."""

import configparser
import re
import subprocess

import pytest
import yaml

from support.ini import knows_clusters, without_cluster

NODES = ["parlor-1", "parlor-2", "parlor-3"]


@pytest.fixture(scope="module")
def folder(repository):
    return repository / "deploy/containers"


def config(file):
    return subprocess.run(["docker-compose", "-f", file, "config"],
                          capture_output=True, text=True)


@pytest.fixture(scope="module")
def project(folder):
    """The file, resolved: paths are absolute, durations normalised."""
    done = config(folder / "compose.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    return yaml.safe_load(done.stdout)


def mounts(service):
    """{where in the container: what}"""
    return {volume.split(":")[1]: volume.split(":")[0]
            for volume in service["volumes"]}


def test_yamllint_has_nothing_to_say(repository, run):
    assert run("yamllint", "--strict", "-d",
               "{extends: relaxed, rules: {line-length: disable}}",
               repository / "deploy") == ""


def test_a_wrong_file_is_found_out(folder, tmp_path):
    """So that the fixture above can fail."""
    text = (folder / "compose.yaml").read_text()
    (tmp_path / "compose.yaml").write_text(
        text.replace("read_only:", "readonly:"))
    assert "Unsupported config option for services" in config(
        tmp_path / "compose.yaml").stderr


def test_all_that_is_mounted_is_there(project):
    for name, service in project["services"].items():
        for what in mounts(service).values() if "volumes" in service else []:
            if what.startswith("/"):
                assert open(what).read(), f"{name}: {what}"
            else:
                assert what in project["volumes"]


def test_nothing_can_be_reached_from_another_machine(project):
    published = [port for service in project["services"].values()
                 for port in service.get("ports", [])]
    assert len(published) == 5
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert project["networks"]["nodes"]["internal"] is True


@pytest.mark.parametrize("name", NODES)
def test_a_node_has_no_privileges(project, name):
    node = project["services"][name]
    assert node["read_only"] is True
    assert node["cap_drop"] == ["ALL"]
    assert node["security_opt"] == ["no-new-privileges:true"]
    assert "tmpfs" not in node and "user" not in node
    assert all(x.endswith(":ro") for x in node["volumes"])


def test_nodes_have_names_and_addresses_of_their_own(project):
    for name in NODES:
        node = project["services"][name]
        address = node["networks"]["nodes"]["ipv4_address"]
        assert f"--cluster.node={name}" in node["command"]
        assert f"--cluster.host={address}" in node["command"]
    addresses = {tuple(project["services"][name]["command"])
                 for name in NODES}
    assert len(addresses) == 3


def test_a_node_may_drain_before_it_is_killed(project, repository):
    ini = (repository / "deploy/parlor.ini").read_text()
    drain = int(re.search(r"\[drain\][^\[]*?\ntimeout = (\d+)s", ini)[1])
    for name in NODES:
        patience = project["services"][name]["stop_grace_period"]
        assert int(patience.removesuffix("s")) > drain


def test_prometheus_asks_every_node(folder, project, run, tmp_path):
    text = (folder / "prometheus.yml").read_text()
    [job] = yaml.safe_load(text)["scrape_configs"]
    assert job["static_configs"][0]["targets"] == [
        f"{name}:8080" for name in NODES]
    places = mounts(project["services"]["prometheus"])
    token = job["authorization"]["credentials_file"]
    assert places[token.rsplit("/", 1)[0]] == "prometheus-secrets"
    alerts = places["/etc/prometheus/alerts.yml"]
    # promtool wants to see the files where it runs.
    (tmp_path / "token").touch()
    (tmp_path / "alerts.yml").write_text(open(alerts).read())
    (tmp_path / "prometheus.yml").write_text(
        text.replace(token, str(tmp_path / "token")))
    assert "SUCCESS" in run("promtool", "check", "config",
                            tmp_path / "prometheus.yml")


def test_grafana_finds_prometheus_and_the_dashboard(folder, project):
    places = mounts(project["services"]["grafana"])
    [source] = yaml.safe_load((folder / "grafana/datasources.yaml").read_text())[
        "datasources"]
    assert source["url"] == "http://prometheus:9090"
    [provider] = yaml.safe_load(
        (folder / "grafana/dashboards.yaml").read_text())["providers"]
    file = places[provider["options"]["path"] + "/parlor.json"]
    assert file.endswith("deploy/grafana/parlor.json")
    for kind in ("datasources", "dashboards"):
        assert f"/etc/grafana/provisioning/{kind}/parlor.yaml" in places


@pytest.fixture
def secrets(folder, run, tmp_path):
    """Those of a node, made here."""
    run(folder / "make-secrets", tmp_path / "secrets")
    return tmp_path / "secrets/parlor"


@pytest.mark.parametrize("name", NODES)
def test_the_service_takes_a_nodes_configuration(
        folder, project, secrets, binary, run, tmp_path, name):
    text = (folder / "parlor.ini").read_text()
    node = project["services"][name]
    places = mounts(node)
    arguments = list(node["command"])
    assert arguments.pop(0) == "--config-file=/etc/parlor/parlor.ini"
    assert places["/etc/parlor/parlor.ini"] == str(folder / "parlor.ini")
    assert places["/run/secrets/parlor"] == "node-secrets"
    if not knows_clusters(binary):
        text = without_cluster(text)
        arguments = []
    file = tmp_path / "parlor.ini"
    file.write_text(text.replace("/run/secrets/parlor", str(secrets)))
    run(binary, f"--config-file={file}", "--check-config", *arguments)


def test_secrets_are_for_their_owners_and_made_once(folder, run, tmp_path):
    make = folder / "make-secrets"
    run(make, tmp_path)
    token = tmp_path / "prometheus/admin-token"
    assert token.read_text() == (tmp_path / "parlor/admin-token").read_text()
    assert len(token.read_text().strip()) == 64
    for file in tmp_path.glob("*/*"):
        assert file.stat().st_mode & 0o777 == 0o440
    before = {file: file.read_bytes() for file in tmp_path.glob("*/*")}
    run(make, tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.glob("*/*")} == before
    # One volume that is gone is made anew with the other.
    token.unlink()
    run(make, tmp_path)
    assert token.read_text() == (tmp_path / "parlor/admin-token").read_text()


def test_secrets_want_a_folder(folder):
    done = subprocess.run([folder / "make-secrets"], capture_output=True,
                          text=True)
    assert done.returncode != 0 and "make-secrets FOLDER" in done.stderr


def test_sections_are_what_is_taken_for_the_cluster(folder):
    parser = configparser.ConfigParser(comment_prefixes=(";",))
    parser.read_string(without_cluster((folder / "parlor.ini").read_text()))
    assert parser.sections() == ["server", "admin"]
