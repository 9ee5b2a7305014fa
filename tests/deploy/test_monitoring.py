"""Alerts, dashboard and scaling ask for metrics that there are.

That PromQL can be read and that alerts fire is `make check-deploy`, by promtool.
"""

import json
import re
from collections import Counter
from pathlib import Path

from tests.deploy.files import Tree, document, documents
from tests.deploy.metric_names import KNOWN
from tests.deploy.panels import DASHBOARD, expressions
from tests.unit.papers.markdown import anchors

GROUPS: list[Tree] = document("prometheus", "alerts.yml")["groups"]
RULES: list[Tree] = [rule for group in GROUPS for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
RECORDS = {rule["record"] for rule in RULES if "record" in rule}
SCALING = document("kubernetes", "scaling.yaml")["spec"]["triggers"][0]["metadata"]["query"]


def asked_for() -> dict[str, list[str]]:
    """Expressions by who asks."""
    return {
        "alerts": [rule["expr"] for rule in RULES],
        "dashboard": expressions(),
        "scaling": [SCALING],
    }


def test_every_metric_that_is_asked_for_is_told() -> None:
    names = {
        (who, name)
        for who, asked in asked_for().items()
        for each in asked
        for name in re.findall(r"\b(?:onestory|process|python)[_:][a-z_:0-9]+", each)
    }

    assert len(names) > 40
    assert sorted((who, name) for who, name in names if name not in {*KNOWN, *RECORDS}) == []


def test_every_label_that_is_asked_for_is_one_of_its_metric() -> None:
    wrong = []
    for asked in asked_for().values():
        for each in asked:
            for name, selector in re.findall(r"\b(onestory_[a-z_]+)\{([^}]*)\}", each):
                labels = set(re.findall(r"(\w+)(?:=|!=|=~)\"", selector))
                wrong += [(name, each) for each in labels - KNOWN[name]]

    assert wrong == []


def test_an_alert_says_what_it_means_and_what_to_do() -> None:
    sections = anchors(Path("deploy/RUNBOOK.md"))

    assert len(ALERTS) == len([rule for rule in RULES if "alert" in rule]) > 20
    for name, rule in ALERTS.items():
        assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
        assert rule["annotations"]["runbook_url"] == f"RUNBOOK.md#{name.lower()}"
        assert name.lower() in sections
        assert rule["labels"]["severity"] in {"warning", "critical"}


def test_every_alert_is_seen_firing_and_silent() -> None:
    seen = Counter(
        (asked["alertname"], bool(asked["exp_alerts"]))
        for case in document("prometheus", "alerts_test.yml")["tests"]
        for asked in case["alert_rule_test"]
    )

    assert seen == Counter((name, fires) for name in ALERTS for fires in (True, False))


def test_panels_lie_beside_each_other_and_have_a_source() -> None:
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    taken: set[tuple[int, int]] = set()
    (source,) = document("grafana", "provisioning", "datasources", "prometheus.yaml")["datasources"]

    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + across, place["y"] + down)
            for across in range(place["w"])
            for down in range(place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
        assert panel["type"] == "row" or panel["datasource"]["uid"] == source["uid"]
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)


def test_grafana_finds_the_dashboard_where_compose_puts_it() -> None:
    (provider,) = document("grafana", "provisioning", "dashboards", "onestory.yaml")["providers"]
    grafana = document("compose.yaml")["services"]["grafana"]

    mounts = dict(each.split(":")[:2] for each in grafana["volumes"])
    assert mounts["./grafana/dashboards"] == provider["options"]["path"]
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/{DASHBOARD.name}"


def test_prometheus_asks_the_ports_at_which_processes_answer() -> None:
    services = document("compose.yaml")["services"]
    jobs = {
        each["job_name"]: each
        for each in documents("prometheus", "prometheus.yml")[0]["scrape_configs"]
    }

    (found,) = jobs["worker"]["dns_sd_configs"]
    assert found["names"] == ["worker"]
    assert str(found["port"]) == services["worker"]["environment"]["ONESTORY_METRICS_PORT"]
    (target,) = jobs["api"]["static_configs"][0]["targets"]
    assert target == f"api:{services['api']['command'][-1]}"
