# SPDX-License-Identifier: MIT
"""deploy/kubernetes: its objects by the types of Kubernetes' own description
(npm's kubernetes-types), and whether they fit each other and the service. No
cluster of Kubernetes takes them here."""

import re

import pytest
import yaml

from support.ini import knows_clusters, without_cluster
from support.typed import complaints

MODULES = {"ConfigMap": "core/v1", "Service": "core/v1",
           "StatefulSet": "apps/v1", "PodDisruptionBudget": "policy/v1",
           "NetworkPolicy": "networking/v1"}
VERSIONS = {"core/v1": "v1", "networking/v1": "networking.k8s.io/v1"}
LABELS = {"app.kubernetes.io/name": "parlor"}


def load(folder):
    return [thing for file in sorted(folder.glob("*.yaml"))
            for thing in yaml.safe_load_all(file.read_text())]


@pytest.fixture
def things(repository):
    return load(repository / "deploy/kubernetes")


@pytest.fixture
def one(things):
    """The one object of a kind, or of that name."""
    def one(kind, name="parlor"):
        [found] = [x for x in things if x["kind"] == kind
                   and x["metadata"]["name"] == name]
        return found
    return one


@pytest.fixture
def pod(one):
    return one("StatefulSet")["spec"]["template"]["spec"]


@pytest.fixture
def container(pod):
    [container] = pod["containers"]
    return container


def judged(npm, folder, things):
    return complaints(npm, folder, [
        (x["kind"], f"kubernetes-types/{MODULES[x['kind']]}", x)
        for x in things])


def test_kubernetes_types_take_them(npm, tmp_path, things):
    assert judged(npm, tmp_path, things) == ""
    for x in things:
        module = MODULES[x["kind"]]
        assert x["apiVersion"] == VERSIONS.get(module, module)


def test_wrong_ones_are_found_out(npm, tmp_path, things):
    """So that the test above can fail."""
    for x in things:
        if x["kind"] == "StatefulSet":
            [container] = x["spec"]["template"]["spec"]["containers"]
            container["readynessProbe"] = container.pop("readinessProbe")
        if x["kind"] == "PodDisruptionBudget":
            x["spec"]["maxUnavailable"] = [1]
    said = judged(npm, tmp_path, things)
    assert "'\"readynessProbe\"' does not exist in type 'Container'" in said
    assert "Type 'number[]' is not assignable" in said


def test_the_pod_is_one_that_the_standard_restricted_lets_in(pod, container):
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/"""
    assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    outer, inner = pod["securityContext"], container["securityContext"]
    assert outer["runAsNonRoot"] is True and outer["runAsUser"] > 0
    assert outer["seccompProfile"]["type"] == "RuntimeDefault"
    assert inner["allowPrivilegeEscalation"] is False
    assert inner["capabilities"] == {"drop": ["ALL"]}
    assert "privileged" not in inner and "procMount" not in inner
    assert all("hostPort" not in port for port in container["ports"])
    for volume in pod["volumes"]:
        assert volume.keys() - {"name"} <= {"configMap", "secret"}


def test_it_needs_nothing_more_than_it_has(pod, container, repository):
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["automountServiceAccountToken"] is False
    dockerfile = (repository / "deploy/containers/Dockerfile").read_text()
    user, group = re.search(r"^USER (\d+):(\d+)", dockerfile, re.M).groups()
    context = pod["securityContext"]
    assert context["runAsUser"] == int(user)
    assert context["runAsGroup"] == context["fsGroup"] == int(group)
    # Parlor refuses secrets that everybody can read.
    for volume in pod["volumes"]:
        if "secret" in volume:
            assert volume["secret"]["defaultMode"] == 0o440


def test_everything_chooses_the_same_pods(things, one):
    template = one("StatefulSet")["spec"]["template"]["metadata"]
    assert template["labels"] == LABELS
    assert one("StatefulSet")["spec"]["selector"]["matchLabels"] == LABELS
    assert one("StatefulSet")["spec"]["serviceName"] == "parlor-nodes"
    assert one("PodDisruptionBudget")["spec"] == {
        "maxUnavailable": 1, "selector": {"matchLabels": LABELS}}
    for name in ("parlor", "parlor-nodes"):
        assert one("Service", name)["spec"]["selector"] == LABELS
    assert one("NetworkPolicy")["spec"]["podSelector"] == {
        "matchLabels": LABELS}
    assert all(x["metadata"]["labels"] == LABELS for x in things)


def test_ports_have_the_names_that_are_used(one, container):
    ports = {port["name"]: port["containerPort"]
             for port in container["ports"]}
    assert ports == {"http": 8080, "nodes": 5400}
    [client] = one("Service")["spec"]["ports"]
    [nodes] = one("Service", "parlor-nodes")["spec"]["ports"]
    assert (client["targetPort"], nodes["targetPort"]) == ("http", "nodes")
    assert one("Service", "parlor-nodes")["spec"]["clusterIP"] == "None"
    clients, peers = one("NetworkPolicy")["spec"]["ingress"]
    assert clients == {"ports": [{"port": "http"}]}
    assert peers["ports"] == [{"port": "nodes"}]
    assert peers["from"] == [{"podSelector": {"matchLabels": LABELS}}]


def test_probes_ask_for_what_there_is(container, repository):
    routes = yaml.safe_load(
        (repository / "docs/openapi.yaml").read_text())["paths"]
    asked = {kind: container[f"{kind}Probe"]["httpGet"]
             for kind in ("liveness", "readiness")}
    assert asked == {"liveness": {"path": "/health/live", "port": "http"},
                     "readiness": {"path": "/health/ready", "port": "http"}}
    for probe in asked.values():
        assert "503" in routes["/health/ready"]["get"]["responses"]
        assert probe["path"] in routes


@pytest.fixture
def ini(one):
    return one("ConfigMap")["data"]["parlor.ini"]


def value(ini, section, key):
    return re.search(rf"^\[{section}\]\n(?:(?!\[).*\n)*?{key} = (.*)$", ini,
                     re.M)[1]


def test_there_is_time_for_the_drain(pod, container, ini):
    program, pause = container["lifecycle"]["preStop"]["exec"]["command"]
    assert program == "sleep"
    drain = int(value(ini, "drain", "timeout").removesuffix("s"))
    assert pod["terminationGracePeriodSeconds"] >= int(pause) + drain + 5


def test_the_configuration_fits_the_pod(pod, container, ini):
    resources = container["resources"]
    assert value(ini, "server", "port") == "8080"
    assert value(ini, "server", "threads") == resources["requests"]["cpu"]
    assert value(ini, "cluster", "port") == "5400"
    assert resources["limits"]["memory"] == "1Gi"
    assert int(value(ini, "history", "total-bytes")) == 2 ** 30 // 4
    places = {mount["mountPath"] for mount in container["volumeMounts"]}
    files = re.findall(r'= "(/[^"]+)"', ini)
    assert len(files) == 8
    assert {file.rsplit("/", 1)[0] for file in files} < places
    assert "--config-file=/etc/parlor/parlor.ini" in container["args"]
    assert "/etc/parlor" in places
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    assert volumes.keys() == {x["name"] for x in container["volumeMounts"]}
    assert volumes["configuration"]["configMap"]["name"] == "parlor"


def test_the_arguments_come_from_the_pod(container):
    given = {x["name"]: x["valueFrom"]["fieldRef"]["fieldPath"]
             for x in container["env"]}
    assert given == {"POD_NAME": "metadata.name", "POD_IP": "status.podIP"}
    assert container["args"][1:] == ["--cluster.node=$(POD_NAME)",
                                     "--cluster.host=$(POD_IP)"]


def test_the_service_takes_the_configuration(repository, container, ini,
                                             binary, run, tmp_path):
    """With the secrets that docs/operations.md tells how to make."""
    secrets = tmp_path / "secrets"
    run(repository / "deploy/containers/make-secrets", secrets)
    run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
        "ec_paramgen_curve:P-256", "-out", tmp_path / "private.pem")
    run("openssl", "pkey", "-in", tmp_path / "private.pem", "-pubout", "-out",
        secrets / "parlor/auth.pem")
    for name, of in (("ca.crt", "ca.pem"), ("tls.crt", "node.pem"),
                     ("tls.key", "node.key")):
        (secrets / name).symlink_to(secrets / "parlor" / of)
    (secrets / "parlor/auth.pem").chmod(0o440)
    arguments = [x.replace("$(POD_NAME)", "parlor-0")
                 .replace("$(POD_IP)", "10.1.2.3")
                 for x in container["args"][1:]]
    if not knows_clusters(binary):
        ini = without_cluster(ini)
        arguments = []
    file = tmp_path / "parlor.ini"
    file.write_text(ini.replace("/run/secrets/parlor", f"{secrets}/parlor")
                    .replace("/run/secrets/etcd", str(secrets)))
    run(binary, f"--config-file={file}", "--check-config", *arguments)
