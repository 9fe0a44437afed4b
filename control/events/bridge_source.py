"""The bridge as the ingest sees it: the journal's name is the link's, the calls are the client's."""

from __future__ import annotations

from control.rpc.client import BridgeClient
from control.rpc.contract_gen import EventPullResult
from control.rpc.link import BridgeLink


class BridgeSource:
    """What the ingest asks the bridge for."""

    def __init__(self, link: BridgeLink, bridge: BridgeClient) -> None:
        self._link = link
        self._bridge = bridge

    @property
    def journal_id(self) -> str:
        """The journal of the store the bridge runs on now. Raises `bridge_unavailable`."""
        return self._link.journal_id

    async def event_pull(self, after: int, max: int, wait_ms: int) -> EventPullResult:
        """Pull events, see BridgeClient.event_pull."""
        return await self._bridge.event_pull(after, max, wait_ms)

    async def event_ack(self, position: int) -> None:
        """Acknowledge events, see BridgeClient.event_ack."""
        await self._bridge.event_ack(position)
