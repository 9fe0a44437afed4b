"""The dashboard, the alert rules and the page about metrics name what a real scrape has, and all of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families

from control.api.context import INSTRUMENTS
from tests.support.gateway import Gateway, running_gateway, settings_for
from tests.support.redis_server import RedisServer
from tests.support.scripted_bridge import ScriptedBridge
from tests.support.wait import wait_for

ROOT = Path(__file__).resolve().parents[3]
ALERTS = ROOT / "deploy/prometheus/alerts.yml"
CASES = ROOT / "deploy/prometheus/alerts.test.yml"
DASHBOARD = ROOT / "deploy/grafana/whatsapp-gateway.json"
PAGE = ROOT / "docs/metrics.md"

PROMETHEUS_OWN = {"up"}
"""What Prometheus adds to each scrape."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACES = re.compile(r"\{[^}]*\}")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_WORDS = {"and", "or", "unless", "offset", "bool", "by", "without", "on", "ignoring"}

Families = dict[str, tuple[str, str, frozenset[str], frozenset[str]]]
"""By name: type, meaning, names of its series, labels."""


def metrics_in(expression: str) -> set[str]:
    """The names of the metrics a PromQL expression asks for."""
    bare = _GROUPING.sub(" ", _BRACES.sub(" ", _STRING.sub('""', expression)))
    bare = re.sub(r"\[[^\]]*\]", " ", bare)
    found = re.finditer(r"[a-zA-Z_:][a-zA-Z0-9_:]*", bare)
    return {
        match[0]
        for match in found
        if match[0] not in _WORDS
        and not bare[match.end() :].lstrip().startswith("(")
        and not (match.start() > 0 and bare[match.start() - 1].isdigit())
    }


def labels_in(expression: str) -> set[str]:
    """The labels an expression filters by."""
    return set(re.findall(r'([a-z_]+)\s*(?:=~|!=|=|!~)\s*"', expression))


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def queries() -> Iterator[tuple[str, str]]:
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


@pytest.fixture
async def gateway(
    bridge: ScriptedBridge, socket_dir: Path, redis_server: RedisServer, key_prefix: str
) -> AsyncIterator[Gateway]:
    settings = settings_for(socket_dir, redis_url=redis_server.url, redis_prefix=key_prefix, metrics_tenants_max=2)
    async with running_gateway(settings) as running:
        await wait_for(lambda: bridge.connections > 0)
        yield running


async def scraped(gateway: Gateway) -> Families:
    # What has labels has no series before the first of each.
    told = gateway.app[INSTRUMENTS]
    told.request("GET", "/health", 200, 0.1)
    told.problem("unauthorized")
    told.denied("key")
    told.call("session.get", 0.1, "bridge_timeout")
    told.attempt("delivered", 200, 0.1, 0.2)
    answer = await gateway.get("/metrics")
    families: Families = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        names = frozenset(sample.name for sample in family.samples)
        labels = frozenset(label for sample in family.samples for label in sample.labels) - {"le"}
        name = f"{family.name}_total" if family.type == "counter" else family.name
        if not family.name.endswith("_created"):
            families[name] = (family.type, family.documentation, names, labels)
    return families


async def test_every_query_of_the_alerts_and_the_dashboard_finds_something(gateway: Gateway) -> None:
    families = await scraped(gateway)
    names = {name for _, _, series, _ in families.values() for name in series}
    labels = {label for _, _, _, own in families.values() for label in own} | {"instance", "job"}

    unknown = {
        title: metrics_in(query) - names - PROMETHEUS_OWN
        for title, query in queries()
        if metrics_in(query) - names - PROMETHEUS_OWN or not metrics_in(query)
    }
    assert unknown == {}
    assert {title: labels_in(query) - labels for title, query in queries() if labels_in(query) - labels} == {}


async def test_the_dashboard_shows_every_figure_that_is_not_of_one_tenant(gateway: Gateway) -> None:
    shown = {name for title, query in queries() for name in metrics_in(query)}

    missing = {
        name
        for name, (_, _, series, _) in (await scraped(gateway)).items()
        if not series & shown and not name.startswith("gateway_tenant_")
    }
    assert missing <= {"gateway_info", "gateway_redis_commands_total", "gateway_gc_runs_total"}


async def test_the_page_has_every_metric_with_its_type_labels_and_meaning_and_no_other(gateway: Gateway) -> None:
    families = await scraped(gateway)
    rows = re.findall(r"^\| `(gateway_[a-z_]+)` \| (\w+) \| (.*?) \| (.*?) \|$", PAGE.read_text(), re.MULTILINE)

    wanted = [
        (name, kind, ", ".join(f"`{label}`" for label in sorted(labels)), meaning)
        for name, (kind, meaning, _, labels) in sorted(families.items())
    ]
    assert sorted(rows) == wanted


def test_every_alert_says_what_it_found_and_the_page_what_to_do() -> None:
    page = PAGE.read_text()

    for rule in alerts():
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert f"\n### {rule['alert']}\n" in page
    assert len(re.findall(r"^### Gateway", page, re.MULTILINE)) == len(alerts())


def test_each_alert_is_tried_by_promtool_s_file_and_with_metrics_that_exist() -> None:
    tried = yaml.safe_load(CASES.read_text())
    fires = {sample["labels"] for test in tried["tests"][1]["promql_expr_test"] for sample in test["exp_samples"]}
    given = {line["series"].partition("{")[0] for test in tried["tests"] for line in test["input_series"]}

    assert fires == {f'{{alertname="{rule["alert"]}"}}' for rule in alerts()}
    assert given == {name for rule in alerts() for name in metrics_in(rule["expr"])}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool, of Prometheus, is not installed")
def test_promtool_takes_the_rules_and_each_fires_when_it_should_and_not_before() -> None:
    for command in (["check", "rules", ALERTS.name], ["test", "rules", CASES.name]):
        done = subprocess.run(
            ["promtool", *command], cwd=ALERTS.parent, capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_is_one_grafana_can_read() -> None:
    document = json.loads(DASHBOARD.read_text())
    panels = document["panels"]

    assert document["uid"] == "whatsapp-gateway"
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, f"{panel['title']} lies over another"
        taken |= cells
        for target in panel.get("targets", ()):
            assert target["datasource"]["uid"] == "${datasource}"


def test_names_are_found_in_expressions() -> None:
    expression = (
        'histogram_quantile(0.5, sum by (le) (rate(a_b_bucket{x="up{y}"}[5m]))) > 0.5 * ignoring(kind) c or d > 3'
    )

    assert metrics_in(expression) == {"a_b_bucket", "c", "d"}
