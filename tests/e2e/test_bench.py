"""The benchmark works and tells every figure. What the figures are is for a quiet machine to say."""

from __future__ import annotations

import asyncio
import json
import math
import subprocess

import pytest

from tests.support.installation import ROOT

FIGURES = {
    *("one.raw.1", "one.rpc.1", "one.rest.1", "one.raw.16", "one.rpc.16", "one.rest.16", "one.rest.64"),
    *("group.raw.16", "group.rpc.16", "group.rest.16"),
    *("many.rest.1", "many.rest.16", "many.rest.64"),
    *("latency.raw", "latency.rest", "latency.added", "accepted.rest", "fairness.alone", "fairness.beside"),
}
HELD_AGAINST_RAW = {
    "one.rpc.1",
    "one.rest.1",
    "one.rpc.16",
    "one.rest.16",
    "one.rest.64",
    "group.rpc.16",
    "group.rest.16",
}


RECEIVES = {
    *("latency.raw", "latency.app", "latency.added"),
    *("live.raw", "live.one", "live.many", "backlog.raw", "backlog.one", "backlog.many"),
}


WAYS = ("bare", "plain", "operator", "key", "send", "send.key")
ACCEPTS = {f"{part}.{way}" for part in ("rate", "latency") for way in WAYS} | {"latency.added"}


CAPACITY = {
    *("stack.1", "stack.2", "raw.1", "raw.2"),
    *("each.stack", "each.raw", "stack.restarted", "most.measured", "fit"),
}
RECOVERY = {"control.dropped", "control.away", "bridge.open", "all.api", "all.open"}


async def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [str(ROOT / "scripts/bench"), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.timeout(120)
async def test_the_benchmark_of_sends_measures_every_figure_and_names_the_machine() -> None:
    done = await bench("sends", "--smoke", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["bench"] == "sends"
    assert report["machine"]["cores"] > 0
    assert report["machine"]["memoryMib"] > 0
    assert report["machine"]["cpu"]
    figures = {figure["id"]: figure for section in report["sections"] for figure in section["figures"]}
    assert set(figures) == FIGURES
    for name, figure in figures.items():
        assert math.isfinite(figure["value"]), name
        assert (figure["value"] > 0) or name == "latency.added", name
    assert {name for name, figure in figures.items() if figure.get("toRaw", 0) > 0} == HELD_AGAINST_RAW


@pytest.mark.timeout(120)
async def test_the_benchmark_of_receives_measures_every_figure_up_to_the_customer_s_app() -> None:
    done = await bench("receives", "--smoke", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["bench"] == "receives"
    figures = {figure["id"]: figure for section in report["sections"] for figure in section["figures"]}
    assert set(figures) == RECEIVES
    for name, figure in figures.items():
        assert all(math.isfinite(figure[field]) for field in ("value", "p50Ms", "p99Ms")), name
        assert (figure["value"] > 0) or name == "latency.added", name
    against_raw = {name for name, figure in figures.items() if figure.get("toRaw", 0) > 0}
    assert against_raw == {"live.one", "live.many", "backlog.one", "backlog.many"}


@pytest.mark.timeout(120)
async def test_the_benchmark_of_accepted_requests_measures_every_figure() -> None:
    done = await bench("accepts", "--smoke", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    figures = {figure["id"]: figure for section in report["sections"] for figure in section["figures"]}
    assert set(figures) == ACCEPTS
    for name, figure in figures.items():
        assert all(math.isfinite(figure[field]) for field in ("value", "p50Ms", "p99Ms")), name
        assert (figure["value"] > 0) or name == "latency.added", name
    assert set(figures["rate.send.key"]["cpuMs"]) == {"control", "bridge", "redis"}


@pytest.mark.timeout(120)
async def test_the_benchmark_of_capacity_weighs_every_process_of_the_gateway_beside_raw_baileys() -> None:
    done = await bench("capacity", "--smoke", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    figures = {figure["id"]: figure for section in report["sections"] for figure in section["figures"]}
    assert set(figures) == CAPACITY
    assert all(math.isfinite(figure["value"]) for figure in figures.values())
    for name in ("stack.1", "stack.2", "stack.restarted"):
        assert 50 < figures[name]["value"] < 1000, name
    for process in ("supervisord", "redis", "control", "bridge"):
        assert process in figures["stack.2"]["note"]
    assert figures["most.measured"]["value"] == 2
    assert "extrapolated" in figures["fit"]["note"]


@pytest.mark.timeout(120)
async def test_the_benchmark_of_recovery_restarts_control_and_kills_the_rest() -> None:
    done = await bench("recovery", "--smoke", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    figures = {figure["id"]: figure for section in report["sections"] for figure in section["figures"]}
    assert set(figures) == RECOVERY
    assert figures["control.dropped"]["value"] == 0
    assert figures["control.dropped"]["note"] == "of 2, restarted once"
    for name in RECOVERY - {"control.dropped"}:
        assert 0 < figures[name]["value"] < 90, name
    assert figures["all.api"]["value"] <= figures["all.open"]["value"]


async def test_the_benchmark_says_how_it_is_used_when_asked_for_something_it_does_not_have() -> None:
    done = await bench("sends", "--only", "everything")
    assert done.returncode == 2
    assert 'there is no part "everything"' in done.stderr
    assert "Usage: scripts/bench" in done.stderr
    for asked in ("all --smoke --write", "sends --sessions 2", "capacity --sessions 1,none"):
        assert (await bench(*asked.split())).returncode == 2, asked
