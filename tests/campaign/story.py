"""Tells everything that is known of one message, so that a broken promise can be understood."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from tests.campaign.history import Attempt, History
from tests.campaign.ledger import Ledger
from tests.campaign.promises import Broken

NEAR_SECONDS = 3.0


def story(broken: Broken, history: History, ledger: Ledger) -> str:
    """Return the lines about the message a promise is about: requests, faults near them, row, ledger, webhooks."""
    return "\n".join(
        [f"BROKEN {broken.promise}: {broken.what}", *(f"  {line}" for line in _lines(broken, history, ledger))]
    )


def _lines(broken: Broken, history: History, ledger: Ledger) -> Iterator[str]:
    place = broken.message
    asked = broken.asked
    if asked is None and place is not None:
        asked = next(
            (one for one in history.asked for wanted in one.messages if (one.tenant, wanted.message_id) == place),
            None,
        )
    times: list[float] = []
    if asked is not None:
        yield f"request {asked.key} ({asked.way}) to {', '.join(one.to for one in asked.messages)}"
        for attempt in asked.attempts:
            times += [attempt.began, attempt.ended]
            yield f"  {attempt.began:8.3f} to {attempt.ended:8.3f} {_answer(attempt)}"
        if place is None and asked.messages[0].message_id is not None:
            place = (asked.tenant, asked.messages[0].message_id)
    if place is not None:
        yield f"row     {_json(ledger.rows.get(place))}"
        arrival = ledger.arrivals.get(place)
        yield f"ledger  {_json(arrival.raw if arrival is not None else None)}"
        for said in history.said:
            if (said.tenant, said.message_id) == place:
                times.append(said.at)
                yield f"said    {said.at:8.3f} in {said.chat}: {said.text}"
        for hook in history.hooks:
            if hook.tenant == place[0] and hook.event["data"].get("messageId") == place[1]:
                times.append(hook.at)
                status = hook.event["data"].get("status", "")
                yield f"webhook {hook.at:8.3f} {hook.event_id} {hook.event['event']} {status} → {hook.status}"
    for strike in history.strikes:
        if any(abs(strike.at - at) < NEAR_SECONDS for at in times):
            yield f"fault   {strike.at:8.3f} {strike.what} ({strike.target})"


def _answer(attempt: Attempt) -> str:
    if attempt.status is None:
        return f"no answer: {attempt.trouble}"
    names = ("code", "messageId", "batchId", "status", "heldBy")
    said = {name: attempt.body[name] for name in names if attempt.body.get(name) is not None}
    return f"{attempt.status}{' replayed' if attempt.replayed else ''} {_json(said)}"


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
