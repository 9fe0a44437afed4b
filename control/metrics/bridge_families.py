"""The bridge's figures (`system.metrics` of the contract) as Prometheus has them."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from control.metrics.families import counter, counters, gauge, gauges, seconds, table
from control.rpc.contract_gen import (
    Distribution,
    MetricsResult,
    SendFigures,
    SessionState,
    StoreHealth,
    WhatsAppReachability,
)


def bridge_families(found: MetricsResult) -> Iterator[Metric]:
    """Yield every family that comes from the bridge."""
    yield from _sessions(found)
    yield from _messages(found)
    yield from _queues(found)
    yield from _process(found)
    if found.tenants:
        yield from _tenants(found)


def _sessions(found: MetricsResult) -> Iterator[Metric]:
    # All states, so that an alert on one that is gone does not just lose its series.
    states = {state.value: float(found.sessions.get(state.value, 0)) for state in SessionState}
    yield gauges("gateway_sessions", "Sessions by state.", "state", states)
    if found.whatsapp is not WhatsAppReachability.unknown:
        reachable = found.whatsapp is WhatsAppReachability.reachable
        yield gauge(
            "gateway_whatsapp_reachable", "1 when the last attempt to connect reached WhatsApp.", reachable
        )
    on = found.connections
    yield gauge("gateway_connections", "Sessions with a connection over which messages can flow.", on.connected)
    yield gauge(
        "gateway_connections_unanswered",
        "Of those, without even an answer to a keepalive for 75 s.",
        on.unanswered,
    )
    yield gauge(
        "gateway_connections_silent",
        "Of those, to which WhatsApp passed nothing on for SESSION_SILENT_MINUTES.",
        on.silent,
    )
    yield gauge(
        "gateway_connections_longest_silence_seconds",
        "The longest of these silences.",
        seconds(on.longest_silence_ms),
    )
    yield counter("gateway_connections_opened", "Logins at WhatsApp.", found.connections_opened)
    yield counters(
        "gateway_connections_ended",
        "Connections and attempts that ended without being asked to.",
        "reason",
        dict(found.connections_ended),
    )


def _messages(found: MetricsResult) -> Iterator[Metric]:
    sends = found.sends
    yield counter("gateway_messages_received", "Messages received and recorded.", found.received)
    reached = {status: getattr(sends, status) for status in ("accepted", "sent", "delivered", "read", "unknown")}
    yield counters("gateway_messages", "Messages of ours by the statuses they reached.", "status", reached)
    yield counters("gateway_messages_failed", "Messages that were not sent, by why.", "code", dict(sends.failed))
    yield _histogram(sends)


def _histogram(sends: SendFigures) -> Metric:
    took: Distribution = sends.latency
    family = HistogramMetricFamily(
        "gateway_send_seconds",
        "From being accepted, or from the time it was scheduled for, to WhatsApp's answer; pacing included.",
    )
    buckets, total = [], 0
    for bound, count in zip([*took.bounds_ms, None], took.counts, strict=True):
        total += count
        buckets.append(("+Inf" if bound is None else str(bound / 1000), total))
    family.add_metric((), buckets, seconds(took.sum_ms))
    return family


def _queues(found: MetricsResult) -> Iterator[Metric]:
    out, journal = found.outbox, found.journal
    yield gauges(
        "gateway_outbox_waiting",
        "Messages not handed to WhatsApp, for whatever reason.",
        "batch",
        {"no": out.waiting, "yes": out.batched},
    )
    yield gauge(
        "gateway_outbox_ready", "Of those, first in their chat and free to leave once connected.", out.ready
    )
    yield gauge("gateway_outbox_parked", "Of those, held back by the limits of their tenant.", out.parked)
    yield gauge("gateway_outbox_unanswered", "Messages handed to WhatsApp and not answered.", out.unanswered)
    yield gauge(
        "gateway_outbox_oldest_ready_seconds",
        "How long the oldest of those ready has been due; 0 without one.",
        seconds(out.oldest_ready_ms),
    )
    yield gauge(
        "gateway_outbox_oldest_unanswered_seconds",
        "How long ago the oldest of the unanswered was accepted; 0 without one.",
        seconds(out.oldest_unanswered_ms),
    )
    yield gauge("gateway_journal_unacked_events", "Events control has not stored yet.", journal.unacked_events)
    yield gauge(
        "gateway_journal_max_events", "From so many on nothing is taken from WhatsApp.", journal.max_unacked_events
    )
    yield gauge(
        "gateway_journal_oldest_unacked_seconds",
        "How long ago the oldest of these events happened; 0 without one.",
        seconds(journal.oldest_unacked_ms),
    )
    yield gauge(
        "gateway_store_ok", "0 while the bridge's store cannot be written.", found.store.status is StoreHealth.ok
    )
    yield gauges(
        "gateway_store_bytes",
        "The store's files: the database and its write-ahead log.",
        "file",
        {"database": found.store.database_bytes, "log": found.store.log_bytes},
    )


def _process(found: MetricsResult) -> Iterator[Metric]:
    of = found.process
    yield gauges(
        "gateway_heap_bytes",
        "The bridge's JavaScript heap, and what it holds outside of it.",
        "kind",
        {"used": of.heap_used_bytes, "total": of.heap_total_bytes, "external": of.external_bytes},
    )
    yield gauge("gateway_memory_limit_bytes", "No session is taken above this.", of.memory_limit_bytes)
    yield counter("gateway_gc_seconds", "Time the bridge spent in garbage collection.", seconds(of.gc_ms))
    yield counter("gateway_gc_runs", "Garbage collections of the bridge.", of.gc_runs)
    yield gauge(
        "gateway_event_loop_utilization",
        "The share of time the bridge's event loop was busy since the last scrape.",
        of.event_loop_utilization,
    )


def _tenants(found: MetricsResult) -> Iterator[Metric]:
    told = found.tenants
    yield table(
        "gateway_tenant_state",
        "1 for the state each tenant's session is in.",
        ("tenant", "state"),
        (((tenant.tenant_id, tenant.state.value), 1.0) for tenant in told),
    )
    yield table(
        "gateway_tenant_waiting",
        "Messages of the tenant not handed to WhatsApp.",
        ("tenant",),
        (((tenant.tenant_id,), tenant.waiting) for tenant in told),
    )
    yield table(
        "gateway_tenant_heard_seconds",
        "How long ago anything was received from WhatsApp; only while connected.",
        ("tenant",),
        (((t.tenant_id,), seconds(t.heard_ms)) for t in told if t.heard_ms is not None),
    )
    yield table(
        "gateway_tenant_stirred_seconds",
        "How long ago WhatsApp passed anything on; only while connected.",
        ("tenant",),
        (((t.tenant_id,), seconds(t.stirred_ms)) for t in told if t.stirred_ms is not None),
    )
