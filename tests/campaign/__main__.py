"""scripts/campaign: kills parts of the whole gateway while it sends, and says which promises held."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace

import orjson

from tests.campaign.plan import Plan
from tests.campaign.report import summary
from tests.campaign.run import campaign

MOST_STORIES = 10


def arguments() -> argparse.Namespace:
    """Read the command line."""
    defaults = Plan()
    parser = argparse.ArgumentParser(prog="scripts/campaign", description=__doc__)
    parser.add_argument("campaign", choices=["sends"], help="what is going on while parts are killed")
    parser.add_argument("--seconds", type=float, default=defaults.seconds, help="how long faults strike")
    parser.add_argument("--seed", type=int, default=defaults.seed, help="decides what happens when")
    parser.add_argument("--tenants", type=int, default=defaults.tenants, help="numbers linked")
    parser.add_argument(
        "--gap", type=float, nargs=2, default=defaults.gap, help="least and most seconds between faults"
    )
    parser.add_argument(
        "--settle", type=float, default=defaults.settle, help="seconds without progress afterwards"
    )
    parser.add_argument("--keep", action="store_true", help="keep logs and stores even if every promise held")
    parser.add_argument("--json", action="store_true", help="print the figures for programs")
    return parser.parse_args()


def progress(line: str) -> None:
    """Tell what happens, beside the result."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def main() -> int:
    """Run one campaign; return 1 when a promise was broken."""
    wanted = arguments()
    plan = replace(
        Plan(),
        seed=wanted.seed,
        seconds=wanted.seconds,
        tenants=wanted.tenants,
        gap=tuple(wanted.gap),
        settle=wanted.settle,
    )
    outcome = asyncio.run(campaign(plan, progress, keep=wanted.keep))
    for told in outcome.stories[:MOST_STORIES]:
        progress(told)
    if outcome.stories or wanted.keep:
        progress(f"{len(outcome.stories)} broken promises; logs and stores are in {outcome.folder}")
    found = outcome.figures
    sys.stdout.write(f"{orjson.dumps(found).decode() if wanted.json else summary(found)}\n")
    return 1 if outcome.stories else 0


if __name__ == "__main__":
    sys.exit(main())
