"""What control counts while it works. Rooms that count something are given the method for it and know no more.

Labels take their values from lists of ours, so the number of series has a bound: never a tenant, an id or an
address. Counters start at zero with the process, which Prometheus expects.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

REQUEST_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 60.0)
CALL_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0)
ATTEMPT_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
DELIVERY_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 86_400.0)

NO_ROUTE: Final = "none"
"""The route of an address that is none."""

NOT_DELIVERED: Final = ("tried", "waited", "no_room")
"""Why an event is given up: its attempts are used up, it waited too long or behind too many, or Redis was full."""

SWITCHED_OFF: Final = ("asked", "failing", "gone")
"""Why a webhook is switched off without its tenant saying so; webhooks/endpoint.py explains the words."""

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_WAITS_FOR_EVENTS: Final = "event.pull"
"""Always under way: it says how quiet it is, and nothing about the bridge."""


class Instruments:
    """The counters and histograms of one control process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "gateway_http_requests",
            "Requests answered, by the pattern of their address and status; 0 for one that was cancelled.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._request_seconds = Histogram(
            "gateway_http_request_seconds",
            "How long requests took until their answer was complete, streams included.",
            ("route",),
            buckets=REQUEST_BUCKETS,
            registry=self.registry,
        )
        self._problems = Counter(
            "gateway_http_problems",
            "Requests refused or failed, by error code.",
            ("code",),
            registry=self.registry,
        )
        self._denials = Counter(
            "gateway_rate_limited",
            "Requests refused by a rate limit, by the limit.",
            ("limit",),
            registry=self.registry,
        )
        self._call_seconds = Histogram(
            "gateway_rpc_seconds",
            "How long calls of the bridge took, by method; those that wait for events are left out.",
            ("method",),
            buckets=CALL_BUCKETS,
            registry=self.registry,
        )
        self._call_errors = Counter(
            "gateway_rpc_errors",
            "Calls of the bridge without a result.",
            ("method", "code"),
            registry=self.registry,
        )
        self._attempts = Counter(
            "gateway_webhook_attempts",
            "Attempts to deliver an event, by what came of it.",
            ("result",),
            registry=self.registry,
        )
        self._attempt_seconds = Histogram(
            "gateway_webhook_attempt_seconds",
            "How long the customer's app took to answer.",
            buckets=ATTEMPT_BUCKETS,
            registry=self.registry,
        )
        self._delivery_seconds = Histogram(
            "gateway_webhook_delivery_seconds",
            "From an event being stored to the customer's app taking it, repeated attempts included.",
            buckets=DELIVERY_BUCKETS,
            registry=self.registry,
        )
        self._given_up = Counter(
            "gateway_webhook_given_up",
            "Events put to the dead letters: attempts used up, waited too long or behind too many, or no room.",
            ("why",),
            registry=self.registry,
        )
        self._switched_off = Counter(
            "gateway_webhook_switched_off",
            "Webhooks switched off because their app asked for it, failed for days, or is gone (410).",
            ("why",),
            registry=self.registry,
        )
        # From 0 on, or the first of each would be no increase to an alert.
        for why in NOT_DELIVERED:
            self._given_up.labels(why)
        for why in SWITCHED_OFF:
            self._switched_off.labels(why)

    def request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """A request was answered. route: the pattern of its address, None where there is none."""
        named = route if route is not None else NO_ROUTE
        # A method may be any word of the caller's.
        self._requests.labels(method if method in _METHODS else "other", named, str(status)).inc()
        self._request_seconds.labels(named).observe(seconds)

    def problem(self, code: str) -> None:
        """A request was answered with an error of the table."""
        self._problems.labels(code).inc()

    def denied(self, limit: str) -> None:
        """A request was refused by a rate limit. limit: a word for which one, such as `key` or `address`."""
        self._denials.labels(limit).inc()

    def call(self, method: str, seconds: float, error: str | None) -> None:
        """A call of the bridge ended. error: its code, None for a result."""
        if method != _WAITS_FOR_EVENTS:
            self._call_seconds.labels(method).observe(seconds)
        if error is not None:
            self._call_errors.labels(method, error).inc()

    def attempt(self, reason: str, status: int | None, seconds: float, age_seconds: float | None) -> None:
        """An attempt to deliver an event ended.

        reason: `delivered`, or what came in between. age_seconds: since the event was stored, None unless
        it was delivered.
        """
        result = reason if status is None or reason == "delivered" else f"http_{status // 100}xx"
        self._attempts.labels(result).inc()
        self._attempt_seconds.observe(seconds)
        if age_seconds is not None:
            self._delivery_seconds.observe(max(0.0, age_seconds))

    def given_up(self, why: str, events: int = 1) -> None:
        """Events went to the dead letters. why: one of NOT_DELIVERED."""
        self._given_up.labels(why).inc(events)

    def switched_off(self, why: str) -> None:
        """A webhook was switched off without anybody asking for it. why: one of SWITCHED_OFF."""
        self._switched_off.labels(why).inc()
