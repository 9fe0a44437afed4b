"""scripts/fuzz: asks the whole gateway what its OpenAPI allows and forbids, and says what was not as it says."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.fuzz.run import Wish, fuzz

MOST_SHOWN = 20_000


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long; the phases share it")
    parser.add_argument("--seed", type=int, default=1, help="decides what is asked")
    parser.add_argument("--examples", type=int, default=100, help="of each operation in a round at most")
    parser.add_argument("--workers", type=int, default=2, help="requests at a time")
    return parser.parse_args()


def main() -> int:
    """Run it; return 1 when something was found."""
    wanted = arguments()
    wish = Wish(
        seconds=wanted.seconds,
        examples=wanted.examples,
        seed=wanted.seed,
        workers=wanted.workers,
        phases=("examples", "coverage", "fuzzing", "stateful"),
    )
    outcome = asyncio.run(fuzz(wish))
    for fault in outcome.faults:
        sys.stdout.write(f"{fault[:MOST_SHOWN]}\n\n")
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(outcome.statuses.items()))
    sys.stdout.write(f"{outcome.requests} requests to {outcome.operations} operations ({statuses})\n")
    for what, count in outcome.behind.most_common():
        sys.stdout.write(f"  {count} x {what}\n")
    sys.stdout.write("nothing found\n" if not outcome.faults else f"{len(outcome.faults)} findings\n")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
