"""The customer's app as a campaign wants it: takes most webhooks, and refuses or sleeps through the others."""

from __future__ import annotations

from collections import Counter

from tests.campaign.history import History, Hook
from tests.campaign.plan import Plan
from tests.support.customer_app import Behaviour, CustomerApp, Received


class Receiver:
    """Decides about each webhook and notes it."""

    def __init__(self, plan: Plan, app: CustomerApp, history: History) -> None:
        self._plan = plan
        self._history = history
        self._chance = plan.chance("receiver")
        self._failed: Counter[str] = Counter()
        self.works = False
        app.set("/webhook", Behaviour(status=self._answer))

    def _answer(self, received: Received) -> int:
        event = received.event
        event_id = received.headers["webhook-id"]
        fails = not self.works and self._chance.random() < self._plan.fails
        if fails and self._failed[event_id] < self._plan.most_fails:
            self._failed[event_id] += 1
            status = 500
        else:
            status = 200
        at = self._history.since(received.at)
        self._history.hooks.append(Hook(event["tenantId"], event_id, event, at, status))
        return status
