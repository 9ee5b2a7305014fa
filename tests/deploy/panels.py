"""Expressions of the dashboard; run as a module it prints them as a file of rules.

promtool reads rules and no dashboards: ``make check-deploy``.
"""

import json

from tests.deploy.files import DEPLOY

DASHBOARD = DEPLOY / "grafana" / "dashboards" / "onestory.json"
_NAMESPACE = "$namespace"


def expressions() -> list[str]:
    """Of all panels, with a namespace in place of the dashboard's variable."""
    panels = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return [
        target["expr"].replace(_NAMESPACE, "news")
        for panel in panels
        for target in panel.get("targets", [])
    ]


if __name__ == "__main__":
    rules = [
        {"record": f"panel:{number}", "expr": each} for number, each in enumerate(expressions())
    ]
    print(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
