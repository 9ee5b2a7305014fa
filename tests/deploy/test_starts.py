"""Whoever watches a process gives it the time that its start takes by ``deploy/CAPACITY.md``."""

import re

import pytest

from tests.deploy.files import DEPLOY, document, documents

SLOWER = 2
"""The seconds of the table are those of one core that has nothing else to do."""
COLUMNS = {"worker": "reread, s", "api": "API start, s"}


def longest_start(name: str) -> float:
    """Of any plan, s."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (DEPLOY / "CAPACITY.md").read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    (head,) = (row for row in rows if COLUMNS[name] in row)
    at = head.index(COLUMNS[name])
    said = [row[at].replace(",", "") for row in rows if len(row) == len(head)]
    return max(float(each) for each in said if each.isdigit())


@pytest.mark.parametrize("name", COLUMNS)
def test_kubernetes_restarts_nobody_who_still_reads(name: str) -> None:
    deployment = documents("kubernetes", f"{name}.yaml")[0]["spec"]
    (container,) = deployment["template"]["spec"]["containers"]
    probe = container["startupProbe"]

    given = probe["periodSeconds"] * probe["failureThreshold"]
    assert given >= SLOWER * longest_start(name)
    assert deployment.get("progressDeadlineSeconds", 600) >= given


@pytest.mark.parametrize("name", COLUMNS)
def test_compose_calls_nobody_ill_who_still_reads(name: str) -> None:
    given = document("compose.yaml")["services"][name]["healthcheck"]["start_period"]

    assert int(given.removesuffix("s")) >= SLOWER * longest_start(name)


def test_the_image_calls_no_worker_ill_that_still_reads() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")

    (given,) = re.findall(r"--start-period=(\d+)s", text)
    assert int(given) >= SLOWER * longest_start("worker")
