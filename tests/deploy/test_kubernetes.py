"""``deploy/kubernetes``: pods are closed, and names that refer to each other do."""

import re
from pathlib import Path
from typing import Any

import pytest
from cloudcoil.resources import parse

from service.stories.senders import Trust
from tests.deploy.files import DEPLOY, Tree, acl_users, document, documents, users_of, version
from workers.settings import Settings
from workers.trust import trust_of

KUSTOMIZATION = document("kustomization.yaml")
OBJECTS = [found for path in KUSTOMIZATION["resources"] for found in documents(*Path(path).parts)]
WORKLOADS = {
    each["metadata"]["name"]: each
    for each in OBJECTS
    if each["kind"] in {"Deployment", "StatefulSet"}
}


def of_kind(kind: str) -> list[Tree]:
    return [each for each in OBJECTS if each["kind"] == kind]


def pod(name: str) -> Tree:
    found: Tree = WORKLOADS[name]["spec"]["template"]
    return found


def containers(name: str) -> list[Tree]:
    spec = pod(name)["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]


def selected(selector: Tree) -> set[str]:
    """Workloads whose pods a selector means."""
    wanted = [({key}, {value}) for key, value in selector.get("matchLabels", {}).items()]
    wanted += [
        ({each["key"]}, set(each["values"])) for each in selector.get("matchExpressions", [])
    ]
    return {
        name
        for name in WORKLOADS
        if all(
            any(pod(name)["metadata"]["labels"].get(key) in values for key in keys)
            for keys, values in wanted
        )
    }


SECRET = document("kubernetes", "secret.example.yaml")


@pytest.mark.parametrize(
    "told",
    [pytest.param(each, id=f"{each['kind']} {each['metadata']['name']}") for each in OBJECTS]
    + [pytest.param(SECRET, id="Secret")],
)
def test_every_field_is_one_of_its_schema(told: Tree) -> None:
    """Of Kubernetes, KEDA and the Prometheus operator; what a schema does not know is left out."""
    found = parse(told)  # raises where a value is none that its field can have

    assert found.model_dump(mode="json", by_alias=True, exclude_unset=True) == told


def test_a_field_that_no_schema_knows_would_be_seen() -> None:
    (scaled,) = of_kind("ScaledObject")
    wrong = scaled | {"spec": scaled["spec"] | {"minReplicas": 2}}

    assert "minReplicas" not in str(parse(wrong))


@pytest.mark.parametrize("name", ["redis", "worker", "api"])
def test_a_pod_is_closed_and_bounded(name: str) -> None:
    spec = pod(name)["spec"]

    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["securityContext"]["runAsUser"] >= 999
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["terminationGracePeriodSeconds"] == 60
    for each in containers(name):
        assert each["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"requests", "limits"} == set(each["resources"])
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(each) or each in spec.get(
            "initContainers", []
        )


@pytest.mark.parametrize(("name", "port"), [("worker", "metrics"), ("api", "http")])
def test_probes_ask_what_the_processes_answer(name: str, port: str) -> None:
    (container,) = containers(name)

    paths = {
        kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")
    }
    assert paths == {
        "startup": {"path": "/ready", "port": port},
        "readiness": {"path": "/ready", "port": port},
        "liveness": {"path": "/live", "port": port},
    }
    (named,) = container["ports"]
    assert named["name"] == port
    assert str(named["containerPort"]) in str(container["env"]) + str(container["args"])


def test_what_is_selected_is_there() -> None:
    for workload in WORKLOADS.values():
        assert selected(workload["spec"]["selector"]) == {workload["metadata"]["name"]}
    for service in of_kind("Service"):
        assert len(selected({"matchLabels": service["spec"]["selector"]})) == 1
    for budget in of_kind("PodDisruptionBudget"):
        assert selected(budget["spec"]["selector"]) == {budget["metadata"]["name"]}
    assert selected(of_kind("PodMonitor")[0]["spec"]["selector"]) == {"worker"}
    (monitor,) = of_kind("ServiceMonitor")
    labels = monitor["spec"]["selector"]["matchLabels"].items()
    assert [
        each["metadata"]["name"]
        for each in of_kind("Service")
        if labels <= each["metadata"].get("labels", {}).items()
    ] == ["api"]
    (scaled,) = of_kind("ScaledObject")
    assert scaled["spec"]["scaleTargetRef"]["name"] in WORKLOADS


def test_everything_is_forbidden_but_what_a_policy_names() -> None:
    policies = {each["metadata"]["name"]: each["spec"] for each in of_kind("NetworkPolicy")}

    nothing = policies.pop("nothing")
    assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert {name: selected(each["podSelector"]) for name, each in policies.items()} == {
        "redis": {"redis"},
        "names-and-redis": {"worker", "api"},
        "metrics": {"worker"},
        "api": {"api"},
    }
    (who,) = policies["redis"]["ingress"]
    assert selected(who["from"][0]["podSelector"]) == {"worker", "api"}
    ports = {each["name"] for name in WORKLOADS for each in containers(name)[-1]["ports"]}
    asked = {
        each["port"]
        for spec in policies.values()
        for rule in spec.get("ingress", [])
        for each in rule["ports"]
    }
    assert asked == ports


def test_metrics_keep_their_own_namespace() -> None:
    """The operator's label of the same name, the pods' namespace, would take its place."""
    (workers,), (api,) = of_kind("PodMonitor"), of_kind("ServiceMonitor")
    endpoints = [*workers["spec"]["podMetricsEndpoints"], *api["spec"]["endpoints"]]

    assert all(each["honorLabels"] for each in endpoints)


@pytest.mark.parametrize("name", ["worker", "api"])
def test_settings_secrets_and_users_exist(name: str) -> None:
    (container,) = containers(name)
    secret = document("kubernetes", "secret.example.yaml")["stringData"]
    settings = {f"ONESTORY_{each.upper()}" for each in Settings.model_fields}

    refs = [
        each["valueFrom"]["secretKeyRef"]["key"] for each in container["env"] if "valueFrom" in each
    ]
    assert set(refs) <= set(secret)
    assert f"ONESTORY_REDIS_{name.upper()}_PASSWORD" in refs
    given = [each["name"] for each in container["env"]]
    given += [each.split("=")[0] for each in _literals()]
    assert {each for each in given if each.startswith("ONESTORY_")} <= settings
    assert users_of(*(str(each.get("value")) for each in container["env"])) == {name}
    assert container["image"] == f"onestory:{version()}"


def test_the_secret_names_every_user_and_holds_nothing() -> None:
    secret = document("kubernetes", "secret.example.yaml")["stringData"]

    assert set(secret.values()) == {""}
    assert set(secret) == {f"ONESTORY_REDIS_{each.upper()}_PASSWORD" for each in acl_users()} | {
        "ONESTORY_READ_TOKEN",
        "ONESTORY_WRITE_TOKEN",
        "ONESTORY_WRITE_TOKENS",
    }
    assert "kubernetes/secret.example.yaml" not in KUSTOMIZATION["resources"]


def test_files_of_config_maps_exist_and_are_what_redis_is_started_with() -> None:
    maps = {each["name"]: each for each in KUSTOMIZATION["configMapGenerator"]}
    users, server = containers("redis")
    used = set(re.findall(r"/etc/onestory/([\w.]+)", str(users["args"]) + str(server["command"])))

    assert used == set(maps["redis"]["files"])
    assert all((DEPLOY / each).is_file() for each in used)
    assert maps["trust"]["files"] == ["trust.toml"]
    assert trust_of(Settings(trust=DEPLOY / "trust.toml")) == Trust()
    assert KUSTOMIZATION["images"] == [{"name": "onestory", "newTag": version()}]


def test_workers_are_scaled_by_the_lag_of_the_namespace_they_work_on() -> None:
    (scaled,) = of_kind("ScaledObject")
    (trigger,) = scaled["spec"]["triggers"]
    metadata: dict[str, Any] = trigger["metadata"]

    assert trigger["type"] == "prometheus"
    assert all(isinstance(each, str) for each in metadata.values())
    (namespace,) = re.findall(r'onestory_stream_lag\{namespace="(\w+)"\}', metadata["query"])
    assert f"ONESTORY_NAMESPACE={namespace}" in _literals()[0]
    # What the Deployment says would be undone at each roll-out.
    assert "replicas" not in WORKLOADS["worker"]["spec"]


def _literals() -> list[str]:
    maps = {each["name"]: each for each in KUSTOMIZATION["configMapGenerator"]}
    return [str(each) for each in maps["onestory"]["literals"]]
