"""What answers about health look like."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from control.api.shape import Out
from control.rpc.contract_gen import ConnectionHealth, JournalHealth, StoreHealth, WhatsAppReachability


class _Part(Out):
    """Part of a health answer; later versions may say more."""

    model_config = ConfigDict(extra="allow", json_schema_serialization_defaults_required=False)


class BridgeHealthOut(_Part):
    """The process that holds the WhatsApp connections. What is not known while it is down is left out."""

    status: Literal["up", "down"] = Field(description="Whether it answers.")
    problem: str | None = Field(description="Why it does not.")
    version: str | None = Field(None, description="Of the bridge.")
    baileys_version: str | None = Field(None, description="Of the WhatsApp library.")
    node_version: str | None = Field(None, description="Of Node.js.")
    uptime_ms: int | None = Field(None, description="Since it started.")
    store: StoreHealth | None = Field(None, description="Whether its store can be written.")
    whatsapp: WhatsAppReachability | None = Field(None, description="Whether WhatsApp can be reached from here.")
    connections: ConnectionHealth | None = Field(None, description="What is heard on the connections there are.")
    journal: JournalHealth | None = Field(None, description="Events that wait for control.")
    memory_rss_bytes: int | None = Field(None, description="Resident memory.")
    memory_limit_bytes: int | None = Field(None, description="No session is taken that would bring it above this.")
    event_loop_delay_ms: int | None = Field(None, description="99th percentile since it was asked last.")


class RedisHealthOut(_Part):
    """Redis."""

    status: Literal["up", "down"] = Field(description="Whether it answers.")
    latency_ms: float | None = Field(description="How long it took to.")
    problem: str | None = Field(description="Why it does not.")


class HealthOut(_Part):
    """How everything is."""

    status: Literal["ok", "degraded"] = Field(
        description="`degraded` when a part keeps it from doing all it should."
    )
    degraded: list[str] = Field(description="Those parts.")
    parts: dict[str, str] = Field(
        description="Every part with `ok`, or with what keeps it from doing all it should: bridge, redis, "
        "webhooks, disk, and while the bridge is up store, whatsapp, events, connections, silence."
    )
    uptime: float = Field(description="Seconds since control started.")
    version: str = Field(description="Of the gateway.")
    environment: str = Field(description="NODE_ENV.")
    sandbox: bool | None = Field(description="Sessions connect to a sandbox and not to WhatsApp.")
    bridge: BridgeHealthOut = Field(description="The process that holds the WhatsApp connections.")
    redis: RedisHealthOut = Field(description="The data store.")
    sessions: dict[str, int] | None = Field(description="How many sessions are in each state.")


class LiveOut(_Part):
    """The process lives."""

    status: Literal["ok"] = Field(description="Always `ok`.")


class ReadyOut(_Part):
    """Whether requests can be served."""

    status: Literal["ready", "unready"] = Field(description="`ready` when both parts are up.")
    bridge: str = Field(description="`up`, or what is wrong.")
    redis: str = Field(description="`up`, or what is wrong.")
    parts: dict[str, str] = Field(description="Every part with `ok` or what is wrong, as in /health.")
